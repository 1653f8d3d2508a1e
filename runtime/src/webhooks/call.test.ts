import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { connect as netConnect } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { certificate } from "../testing/certificate.js";
import { type CallOptions, call, MAX_ANSWER } from "./call.js";

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanup.splice(0)) step();
});

async function listening(server: Server, host = "127.0.0.1"): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  cleanup.push(() => {
    server.close();
    if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
  });
  return (server.address() as AddressInfo).port;
}

/** A receiver, and how to name it. */
async function receiver(listener: RequestListener) {
  const port = await listening(createServer(listener));
  return { url: `http://127.0.0.1:${port}/in`, port, allow: [`127.0.0.1:${port}`] };
}

const post = (url: string, options: Partial<CallOptions> = {}) =>
  call({ url, headers: {}, body: "{}" }, { allow: [], resolve: nobody, ...options });
const nobody = async (): Promise<string[]> => {
  throw new Error("nothing is to be resolved");
};
/** The code and the sentence of a refused call. */
async function refusal(url: string, options: Partial<CallOptions> = {}): Promise<[string, string]> {
  const error = (await post(url, options).catch((thrown: unknown) => thrown)) as { code: string; message: string };
  return [error.code, error.message];
}
/** As `refusal`, of a name that has these addresses; no connection may be tried. */
const resolved = (...addresses: string[]) =>
  refusal("https://hooks.example/", {
    resolve: async () => addresses,
    connect: () => expect.fail("there was a connection"),
  });

const closed = expect.stringMatching(/is not on the public internet, and webhooks go nowhere else\.$/);

// Elsewhere an address that somebody gave was called from inside: CVE-2025-64709, CVE-2026-33712, CVE-2021-3742,
// CVE-2026-92527, GHSA-hr92-4q35-4j3m.
describe("[P15] [server-side request forgery] a webhook goes to the public internet and nowhere else", () => {
  it.each([
    ["loopback", "127.0.0.1"],
    ["loopback, not the first", "127.8.9.10"],
    ["decimal", "2130706433"],
    ["octal", "0177.0.0.1"],
    ["octal, in one", "017700000001"],
    ["hexadecimal", "0x7f000001"],
    ["hexadecimal parts", "0x7f.0.0.0x1"],
    ["short", "127.1"],
    ["other digits", "127。0。0。1"],
    ["wide digits", "１２７.0.0.1"],
    ["this host", "0.0.0.0"],
    ["nothing but zero", "0"],
    ["private 10", "10.1.2.3"],
    ["private 172", "172.31.255.255"],
    ["private 192", "192.168.0.1"],
    ["carriers' nets", "100.64.0.1"],
    ["a cloud's metadata", "169.254.169.254"],
    ["metadata, decimal", "2852039166"],
    ["metadata of another cloud", "100.100.100.200"],
    ["a third cloud's own service", "168.63.129.16"],
    ["benchmarks", "198.18.0.1"],
    ["examples", "203.0.113.7"],
    ["groups", "224.0.0.1"],
    ["everybody", "255.255.255.255"],
    ["IPv6 loopback", "[::1]"],
    ["IPv6 nothing", "[::]"],
    ["IPv4 in IPv6", "[::ffff:127.0.0.1]"],
    ["IPv4 in IPv6, hexadecimal", "[::ffff:7f00:1]"],
    ["a public IPv4 in IPv6", "[::ffff:1.1.1.1]"],
    ["IPv4 in IPv6, the old way", "[::127.0.0.1]"],
    ["NAT64", "[64:ff9b::a9fe:a9fe]"],
    ["local NAT64", "[64:ff9b:1::a00:1]"],
    ["6to4", "[2002:7f00:1::]"],
    ["Teredo", "[2001:0:7f00:1::]"],
    ["IPv6 examples", "[2001:db8::1]"],
    ["IPv6 link-local", "[fe80::1]"],
    ["IPv6 private", "[fd00:ec2::254]"],
    ["IPv6 groups", "[ff02::1]"],
  ])("refuses %s: %s", async (_what, host) => {
    expect(await refusal(`https://${host}/`)).toEqual(["not-public", closed]);
    // Also where a name leads there.
    const address = new URL(`https://${host}`).hostname.replace(/[[\]]/g, "");
    expect(await resolved(address)).toEqual(["not-public", closed]);
  });

  it.each([
    "localhost",
    "LOCALHOST",
    "app.localhost",
    "localhost.",
    "printer",
    "nas.local",
    "metadata.google.internal",
  ])("refuses a local name before anybody is asked for it: %s", async (host) => {
    const sentence = expect.stringMatching(/is a name of a machine or a net of its own, not of the internet\.$/);
    expect(await refusal(`https://${host}/`)).toEqual(["local-name", sentence]);
  });

  it("refuses a name of which one address is closed", async () => {
    expect(await resolved("1.1.1.1", "10.0.0.1")).toEqual([
      "not-public",
      "hooks.example is 10.0.0.1, which is not on the public internet, and webhooks go nowhere else.",
    ]);
    expect(await resolved("1.1.1.1", "::1")).toEqual(["not-public", closed]);
    expect(await resolved()).toEqual(["unknown-name", "There is no address for the name hooks.example."]);
  });

  it.each([
    ["not-https", "http://hooks.example/", "The address is not https: what is sent could be read on its way."],
    [
      "user-info",
      "https://ada:secret@hooks.example/",
      "The address holds a name or a password. Leave them out: calls are signed.",
    ],
    [
      "user-info",
      "https://1.1.1.1@127.0.0.1/",
      "The address holds a name or a password. Leave them out: calls are signed.",
    ],
    ["odd-port", "https://1.1.1.1:22/", "Webhooks go to port 443, not to 22. WEBHOOK_ALLOW makes an exception."],
    ["odd-port", "https://1.1.1.1:8443/", "Webhooks go to port 443, not to 8443. WEBHOOK_ALLOW makes an exception."],
    ["odd-port", "https://1.1.1.1:0/", "Webhooks go to port 443, not to 0. WEBHOOK_ALLOW makes an exception."],
    ...["ftp://hooks.example/", "file:///etc/passwd", "javascript:1", "https://", "https://a:99999/", "x", ""].map(
      (url) => ["bad-address", url, "This is no address of a webhook. Write it as https://hooks.example/parley."],
    ),
  ])("refuses as %s: %s", async (code, url, sentence) => {
    expect(await refusal(url!)).toEqual([code, sentence]);
  });

  it("[P15] [server-side request forgery] asks for a name once: what it says a moment later has nothing to say", async () => {
    const server = createSecureServer(certificate("hooks.example"), (_request, response) => response.end());
    const port = await listening(server);
    const answers = [["1.1.1.1"], ["127.0.0.1"]];
    const tried: string[] = [];
    const code = await refusal("https://hooks.example/", {
      resolve: async () => answers.shift() ?? [],
      // A net in between that leads elsewhere, as a second answer would.
      connect: (address) => {
        tried.push(address);
        return netConnect(port, "127.0.0.1");
      },
    });
    expect([tried, answers.length]).toEqual([["1.1.1.1"], 1]);
    expect(code).toEqual(["other-address", "The connection for hooks.example did not lead to 1.1.1.1."]);
  });
});

describe("what is sent", () => {
  it("goes to the resolved address under the name's certificate, SNI and Host", async () => {
    const pair = certificate("hooks.example");
    const seen: unknown[] = [];
    const server = createSecureServer(pair, (request, response) => {
      seen.push([(request.socket as TLSSocket).servername, request.headers.host, request.method, request.url]);
      response.writeHead(204).end();
    });
    const port = await listening(server);
    const allow = [`hooks.example:${port}`, `other.example:${port}`];
    const options = { allow, resolve: async () => ["127.0.0.1"], ca: pair.cert };
    expect(await post(`https://hooks.example:${port}/a?b=c`, options)).toEqual({ status: 204 });
    expect(seen).toEqual([["hooks.example", `hooks.example:${port}`, "POST", "/a?b=c"]]);
    // Another name at the same address has no such certificate; nor has anybody whose maker is unknown.
    expect((await refusal(`https://other.example:${port}/`, options))[0]).toBe("not-reached");
    expect((await refusal(`https://hooks.example:${port}/`, { ...options, ca: certificate("x").cert }))[0]).toBe(
      "not-reached",
    );
    expect(seen).toHaveLength(1);
  });

  it("is the body with its length and the headers given, and the status is all that comes back", async () => {
    let got = {};
    const { url, allow } = await receiver(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      const { "content-type": type, "content-length": length, "webhook-id": id } = request.headers;
      got = { body, type, length, id };
      response.writeHead(418).end("the answer");
    });
    const sent = { url, headers: { "webhook-id": "one" }, body: '{"é":1}' };
    expect(await call(sent, { allow })).toEqual({ status: 418 });
    expect(got).toEqual({ body: '{"é":1}', type: "application/json", length: "8", id: "one" });
  });

  it("goes nowhere by an exception but to just that host and port", async () => {
    const { port } = await receiver((_request, response) => response.end());
    const allow = [`127.0.0.1:${port}`];
    expect((await refusal(`http://127.0.0.1:${port + 1}/`, { allow }))[0]).toBe("not-https");
    expect((await refusal(`https://127.0.0.2:${port}/`, { allow }))[0]).toBe("not-public");
    expect(await post(`http://127.0.0.1:${port}/`, { allow })).toEqual({ status: 200 });
  });
});

describe("what comes back", () => {
  it("[P15] [server-side request forgery] is no redirect: none is followed, also to where one might go", async () => {
    let followed = 0;
    const inside = await receiver((_request, response) => {
      followed += 1;
      response.end();
    });
    for (const status of [301, 302, 303, 307, 308, 304]) {
      const { url, allow } = await receiver((_request, response) => {
        response.writeHead(status, { location: inside.url }).end();
      });
      const sentence = `It answers with a redirect (${status}), and none is followed. Give its end.`;
      expect(await refusal(url, { allow: [...allow, ...inside.allow] })).toEqual(["redirect", sentence]);
    }
    expect(followed).toBe(0);
  });

  it("is 64 kB at most, also where its length is not said", async () => {
    const sizes = [MAX_ANSWER, MAX_ANSWER + 1];
    const answers = sizes.map(async (size) => {
      const { url, allow } = await receiver((_request, response) => {
        response.write("x".repeat(size - 1));
        response.end("x");
      });
      return await post(url, { allow }).catch((error: unknown) => (error as Error).message);
    });
    expect(await Promise.all(answers)).toEqual([{ status: 200 }, "Its answer is larger than 64 kB."]);
  });

  it.each([
    ["no answer", () => undefined],
    ["half an answer", (response: { write: (text: string) => void }) => response.write("x")],
  ])("comes in time: %s", async (_what, answer) => {
    const { url, allow } = await receiver((_request, response) => void answer(response));
    const sentence = "There was no whole answer within 0.25 seconds.";
    expect(await refusal(url, { allow, within: 250 })).toEqual(["too-slow", sentence]);
  });

  it("a resolver that says nothing, and a server that is not there", async () => {
    const never = { resolve: () => new Promise<string[]>(() => undefined), within: 50 };
    expect((await refusal("https://hooks.example/", never))[0]).toBe("too-slow");
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const [code, sentence] = await refusal(`http://127.0.0.1:${port}/`, { allow: [`127.0.0.1:${port}`] });
    expect([code, sentence]).toEqual(["not-reached", expect.stringMatching(/^127.0.0.1:\d+ could not be reached: /)]);
    const cut = await receiver((request) => void request.socket.destroy());
    expect((await refusal(cut.url, { allow: cut.allow }))[0]).toBe("not-reached");
  });
});
