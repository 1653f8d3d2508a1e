import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readConfig } from "../config.js";
import { createMemoryLog } from "../log/memory.js";
import { createMetrics } from "../metrics.js";
import type { Runtime } from "../runtime.js";
import { gif, png } from "../testing/sample-pictures.js";
import { serve } from "../testing/server.js";
import { type Answered, type Identity, send, signIn } from "../testing/studio.js";
import { healthApp } from "./http.js";

let runtime: Runtime;
let owner: Identity;
let origin: string;
let picture: string;
beforeAll(async () => {
  runtime = await serve(createMemoryLog({ partitions: 1 }), { env: { LIMITS: "off" } });
  origin = new URL(runtime.url).origin;
  owner = await signIn(runtime);
  picture = keep(png(), "png");
});
afterAll(() => runtime.drain());

/** @returns its address */
function keep(bytes: Buffer, type: string): string {
  const name = `${createHash("sha256").update(bytes).digest("hex")}.${type}`;
  const row = { name, bytes: bytes.length, width: 8, height: 6, flow: null, by: "x", at: 0 };
  runtime.studio.pictures.add(row, bytes);
  return `/assets/${name}`;
}

/** Of the answer's form and age, which are held elsewhere. */
const OTHERS =
  /^(content-(type|length|encoding|disposition)|cache-control|etag|last-modified|accept-ranges|vary|date|connection|keep-alive|transfer-encoding|allow|www-authenticate|retry-after)$/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** All that the answer says to browsers. */
const said = ({ headers }: Pick<Answered, "headers">) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (OTHERS.test(name)) return [];
      return [[name, name === "x-request-id" && ID.test(String(value)) ? "an id" : value]];
    }),
  );

const INERT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** What every answer says, unless its kind says otherwise. */
const DATA = {
  "content-security-policy": INERT,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-request-id": "an id",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
};
const EVERYBODYS = { ...DATA, "cross-origin-resource-policy": "cross-origin", "access-control-allow-origin": "*" };
const PICTURE = { ...EVERYBODYS, "content-security-policy": "default-src 'none'; sandbox" };
const without = (headers: Record<string, string>, ...names: string[]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

/** Each kind of answer, by what is asked: method, address, status, and what differs. */
const TABLE: readonly (readonly [what: string, method: string, path: () => string, status: number, policy: object])[] =
  [
    ["health", "GET", () => "/healthz", 200, DATA],
    ["readiness", "GET", () => "/readyz", 200, DATA],
    ["metrics", "GET", () => "/metrics", 200, DATA],
    ["the interface", "GET", () => "/api/flows", 200, DATA],
    ["a file of the interface", "GET", () => "/api/flows/bot-assistant/export/answers", 200, DATA],
    ["the interface, refused", "GET", () => "/api/flows/none", 404, DATA],
    ["the interface, by another method", "PUT", () => "/api/flows", 405, DATA],
    ["the interface, HEAD", "HEAD", () => "/api/flows", 200, DATA],
    ["the interface, OPTIONS", "OPTIONS", () => "/api/flows", 405, DATA],
    ["the document", "GET", () => "/api/openapi.json", 200, DATA],
    ["nothing", "GET", () => "/nothing", 404, DATA],
    ["nothing, by any method", "DELETE", () => "/", 404, DATA],
    ["what cannot be read", "GET", () => "/widgets/%E0%A4%A", 404, DATA],
    ["the demo's data", "GET", () => "/demo/flows.json", 200, DATA],
    ["the demo's script", "GET", () => "/demo/demo.js", 200, DATA],
    ["a folder, which leads nowhere", "GET", () => "/demo", 404, DATA],
    ["a file of the studio that is not there", "GET", () => "/studio/assets/none.js", 404, DATA],
    ["the widget's loader", "GET", () => "/widget.js", 200, EVERYBODYS],
    ["the widget's loader, HEAD", "HEAD", () => "/widget.js", 200, EVERYBODYS],
    ["the widget's digests", "GET", () => "/widget.json", 200, EVERYBODYS],
    ["a flow's appearance", "GET", () => "/widget/v1/bot-assistant.json", 200, EVERYBODYS],
    ["a flow's appearance, OPTIONS", "OPTIONS", () => "/widget/v1/bot-assistant.json", 200, EVERYBODYS],
    ["an appearance that is not there", "GET", () => "/widget/v1/none.json", 404, EVERYBODYS],
    ["a part that is not there", "GET", () => "/widget/none.js", 404, EVERYBODYS],
    ["a schema", "GET", () => "/schema/flow-1.json", 200, EVERYBODYS],
    ["a picture", "GET", () => picture, 200, PICTURE],
    ["a picture that is not there", "GET", () => "/assets/none.png", 404, PICTURE],
    [
      ...(["a file of the studio", "GET", () => studioFile, 200] as const),
      { ...DATA, "content-security-policy": `${INERT}; script-src 'self'` },
    ],
    [
      ...(["the preview's script", "GET", () => "/preview/preview.js", 200] as const),
      { ...DATA, "cross-origin-resource-policy": "cross-origin" },
    ],
  ];
let studioFile: string;

describe("[P15] [stored script] what browsers are told", () => {
  beforeAll(async () => {
    const page = await send(runtime.url, "GET", "/studio");
    studioFile = /"(\/studio\/assets\/[^"]+\.js)"/.exec(page.text)![1]!;
  });

  it.each(TABLE)("of %s", async (_what, method, path, status, policy) => {
    // A page elsewhere asks as it may, with all that a browser would send along.
    for (const from of [undefined, "https://evil.example", "null"]) {
      const asks = from === undefined ? {} : { origin: from, "access-control-request-method": "PUT" };
      const answer = await send(runtime.url, method, path(), { headers: { ...owner, ...asks } });
      // A foreign page may not write, nor have the appearance of a flow that is not for its site: which is said as all else is.
      const writes = path().startsWith("/api") && !["GET", "HEAD"].includes(method);
      const embeds = path().startsWith("/widget/v1/bot") && method === "GET";
      const refused = from !== undefined && (writes || embeds);
      expect([answer.status, said(answer)], `${method} ${path()} from ${from}`).toEqual([
        refused ? 403 : status,
        policy,
      ]);
    }
  });

  it.each(["/studio", "/studio/f/bot-assistant", "/studio/nothing", "/shared"])(
    "of the studio's page %s",
    async (path) => {
      const nonces = await Promise.all(
        ["GET", "GET", "HEAD"].map(async (method) => {
          const answer = await send(runtime.url, method, path);
          const policy = String(answer.headers["content-security-policy"]);
          const nonce = /'nonce-([\w+/]{22}==)'/.exec(policy)![1]!;
          const rules =
            `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; connect-src 'self'; ` +
            "img-src 'self' data:; font-src 'self'; worker-src 'self'; frame-src 'self'; frame-ancestors 'none'; " +
            "base-uri 'none'; form-action 'none'";
          expect(said(answer)).toEqual({
            ...DATA,
            "content-security-policy": rules,
            "referrer-policy": "same-origin",
          });
          return nonce;
        }),
      );
      expect(new Set(nonces).size).toBe(3);
    },
  );

  it("of the preview's page", async () => {
    const answer = await send(runtime.url, "GET", "/preview");
    const rules =
      `sandbox allow-scripts; default-src 'none'; script-src ${origin}/preview/; ` +
      `connect-src ${origin.replace("http", "ws")}/preview; img-src ${origin} data: https:; ` +
      `frame-ancestors ${origin}; base-uri 'none'; form-action 'none'`;
    expect(said(answer)).toEqual({
      ...without(DATA, "origin-agent-cluster"),
      "content-security-policy": rules,
      "x-frame-options": "SAMEORIGIN",
    });
  });

  it("of the page of a flow, and of one that is not there", async () => {
    for (const [path, framers] of [
      ["/c/bot-assistant", "'self' http://localhost:* https://localhost:* http://127.0.0.1:* https://127.0.0.1:*"],
      ["/c/none", "'none'"],
    ]) {
      const answer = await send(runtime.url, "GET", path!);
      const style = createHash("sha256")
        .update(/<style>(.*)<\/style>/.exec(answer.text)![1]!)
        .digest("base64");
      const rules =
        `default-src 'none'; script-src 'self'; style-src 'sha256-${style}'; img-src 'self' data: https:; ` +
        `connect-src 'self' ${origin.replace("http", "ws")}; frame-ancestors ${framers}; base-uri 'none'; ` +
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
      expect(said(answer)).toEqual({ ...without(DATA, "x-frame-options"), "content-security-policy": rules });
    }
  });

  it("of the demo page", async () => {
    const rules =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    expect(said(await send(runtime.url, "GET", "/"))).toEqual({
      ...DATA,
      "content-security-policy": rules,
      "x-frame-options": "SAMEORIGIN",
    });
  });

  it("under a name that is not the server's, and by an error in the middle of an answer", async () => {
    const wrong = await send(runtime.url, "GET", "/studio", { headers: { host: "evil.example" } });
    expect([wrong.status, said(wrong)]).toEqual([421, DATA]);
    const other = keep(gif(), "gif");
    const failing = vi.spyOn(runtime.studio.pictures, "data").mockImplementation(() => {
      throw new Error("the secret of the store");
    });
    const failed = await send(runtime.url, "GET", other);
    failing.mockRestore();
    expect([failed.status, said(failed)]).toEqual([500, PICTURE]);
    expect(failed.text).not.toContain("secret");
  });

  it.each([
    ["/chat/none", 404],
    ["/preview", 400],
    ["/api/socket", 401],
    ["/chat/bot-assistant", 403],
  ])("by a socket that is refused: %s", async (path, status) => {
    const { port } = new URL(runtime.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), "127.0.0.1", () =>
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: https://evil.example\r\n\r\n",
        ),
      );
      let text = "";
      socket.setEncoding("utf8").on("data", (part) => (text += part));
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
    });
    const [line, ...headers] = answer.split("\r\n\r\n")[0]!.split("\r\n");
    expect(line).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const pairs = headers.map((one) => [one.slice(0, one.indexOf(":")).toLowerCase(), one.slice(one.indexOf(":") + 2)]);
    const alike = [
      "content-security-policy",
      "cross-origin-opener-policy",
      "cross-origin-resource-policy",
      "origin-agent-cluster",
      "referrer-policy",
      "x-content-type-options",
      "x-frame-options",
      "x-request-id",
    ] as const;
    expect(said({ headers: Object.fromEntries(pairs) })).toEqual(
      Object.fromEntries(alike.map((name) => [name, DATA[name]])),
    );
  });

  it("of the health and metrics of a process that has nothing else", async () => {
    const options = {
      config: readConfig([], {}),
      metrics: createMetrics(),
      state: () => ({ started: true, draining: false }),
      health: () => runtime.log.health(),
      disk: () => undefined,
      logger: pino({ enabled: false }),
    };
    const server = createServer(healthApp(options));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    for (const [path, status] of [
      ["/healthz", 200],
      ["/readyz", 200],
      ["/metrics", 200],
      ["/nothing", 404],
    ] as const) {
      const answer = await send(url, "GET", path);
      expect([path, answer.status, said(answer)]).toEqual([path, status, DATA]);
    }
    await new Promise((resolve) => server.close(resolve));
  });

  it("by no answer: to send cookies from elsewhere, to ask for HTTPS alone, or to set one for another site", async () => {
    for (const [, method, path] of TABLE) {
      const { headers } = await send(runtime.url, method, path(), { headers: { origin: "https://evil.example" } });
      for (const name of [
        "access-control-allow-credentials",
        "strict-transport-security",
        "set-cookie",
        "x-powered-by",
      ]) {
        expect(headers[name], path()).toBeUndefined();
      }
      expect(String(headers["content-security-policy"])).not.toContain("upgrade-insecure-requests");
    }
  });
});
