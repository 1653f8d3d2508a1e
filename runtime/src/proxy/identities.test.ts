import { join } from "node:path";
import type { LogRecord } from "@parley/shared/record";
import { afterEach, describe, expect, it } from "vitest";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog } from "../log/memory.js";
import { BareClient, type, V1Client } from "../testing/clients.js";
import { everything } from "../testing/log-readers.js";
import { ERASED } from "../testing/records.js";
import { scratch, serve, writeFlows } from "../testing/server.js";
import { claims, newSigner, storeKeys, token } from "../testing/tokens.js";
import { sidOfPerson } from "./identities.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const chat = {
  a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
  t: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "b" },
  b: { sendRequest: { kind: "BotText", content: "You said {{s}}" } },
};

/** A server with the flows "one" and "two", keys for "one", and what a page's server would sign. */
async function setUp(log: EventLog = createMemoryLog({ partitions: 3 })) {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const [signer, next] = [newSigner("EdDSA"), newSigner("ES256")];
  const keys = join(folder.path, "keys.json");
  await storeKeys(keys, "one", [signer, next]);
  const lines: string[] = [];
  const runtime = await serve(log, {
    argv: writeFlows(folder.path, { one: chat, two: chat }),
    env: { LIMITS: "off", IDENTITY_KEYS: keys },
    onLog: (line) => lines.push(line),
  });
  cleanup.push(() => runtime.drain());
  const url = (flow = "one") => `${runtime.wsUrl}chat/${flow}`;
  const jwt = (sub: string, more: object = {}) => token(signer, { ...claims(sub, "one", Date.now()), ...more });
  return { log, url, jwt, lines, signer, next, keys };
}

const welcomes = (client: V1Client) => client.all.filter((frame) => frame.kind === "Welcome");
async function identify(client: V1Client, jwt: string) {
  const before = welcomes(client).length;
  client.frame({ kind: "Identify", id: `i${before}`, jwt });
  return client.until(() => welcomes(client)[before], "the second Welcome");
}
/** What a fresh visitor gets; `sid` is not one of those known. */
async function isFresh(client: V1Client, known: readonly string[]) {
  await client.until(() => client.all.some((frame) => frame.kind === "Turn"), "its turn");
  expect(known).not.toContain(client.welcome.sid);
  expect(client.words).toEqual(["1 StartChatSession s"]);
}

describe("Identify", () => {
  it("[W5] makes the conversation the person's, under a fresh token, and voids the old one", async () => {
    const { url, jwt, log, lines } = await setUp();
    // With a dot, no id or token can hold it by chance.
    const ada = "ada.lovelace";
    const visitor = await V1Client.connect(url());
    await visitor.send(type("s", "tea please"));
    await visitor.seq(3);
    const tab = await V1Client.connect(url(), { token: visitor.welcome.token });
    const welcome = await identify(visitor, jwt(ada));
    expect(welcome.sid).toBe(visitor.welcome.sid);
    expect(welcome.token).not.toBe(visitor.welcome.token);
    // The other tab, which used the old token, is told; this one goes on without a gap and without a repeat.
    expect((await tab.whenClosed()).code).toBe(4401);
    expect((await visitor.send(type("s", "more"))).kind).toBe("Ack");
    await visitor.seq(5);
    expect(visitor.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);

    await isFresh(await V1Client.connect(url(), { token: visitor.welcome.token }), [welcome.sid]);
    const back = await V1Client.connect(url(), { token: welcome.token });
    expect(JSON.stringify(await back.seq(5))).toContain("You said more");
    const records = JSON.stringify(await everything(log));
    for (const secret of [welcome.token.split(".")[1]!, ada, "shop.example", jwt(ada).split(".")[2]!]) {
      expect(records).not.toContain(secret);
      expect(lines.join()).not.toContain(secret);
    }
  });

  it("[W5] continues it on another device, whose anonymous conversation is void", async () => {
    const { url, jwt } = await setUp();
    const first = await V1Client.connect(url());
    await first.send(type("s", "from the desk"));
    await first.seq(3);
    const one = await identify(first, jwt("ada"));
    const phone = await V1Client.connect(url());
    await phone.seq(1);
    const two = await identify(phone, jwt("ada"));
    expect(two.sid).toBe(one.sid);
    expect(two.token).not.toBe(one.token);
    await phone.until(() => phone.words.includes("3 BotText You said from the desk"), "the conversation");
    // Both go on together.
    await phone.send(type("s", "from the phone"));
    await first.until(() => first.words.includes("5 BotText You said from the phone"), "the other's words");
    await isFresh(await V1Client.connect(url(), { token: phone.welcome.token }), [one.sid, phone.welcome.sid]);
  });

  it("[W5] gives another person in the same browser his own conversation, in a Hello too", async () => {
    const { url, jwt } = await setUp();
    const ada = await V1Client.connect(url());
    await ada.send(type("s", "a secret of Ada"));
    await ada.seq(3);
    const { token, sid } = await identify(ada, jwt("ada"));
    const bob = await V1Client.connect(url(), { token, jwt: jwt("bob"), after: { seq: 3, id: "x" } });
    await isFresh(bob, [sid]);
    expect(bob.raw.join()).not.toContain("secret of Ada");
    expect((await ada.whenClosed()).code).toBe(4401);
    await bob.send(type("s", "of Bob"));
    await bob.seq(3);
    const again = await V1Client.connect(url(), { jwt: jwt("ada") });
    expect(JSON.stringify(await again.seq(3))).toContain("secret of Ada");
    expect(again.welcome.sid).toBe(sid);
    // On one socket, from one person to the other.
    const other = await identify(again, jwt("bob"));
    expect(other.sid).toBe(bob.welcome.sid);
    await again.until(() => again.words.includes("3 BotText You said of Bob"), "Bob's conversation");
  });

  it("[W5] resumes with a Hello where it was, by one Welcome", async () => {
    const { url, jwt } = await setUp();
    const first = await V1Client.connect(url(), { jwt: jwt("ada") });
    await first.send(type("s", "one"));
    const { id } = await first.seq(3);
    const back = await V1Client.connect(url(), { token: first.welcome.token, after: { seq: 3, id }, jwt: jwt("ada") });
    await back.send(type("s", "two"));
    await back.seq(5);
    expect(back.messages.map(({ seq }) => seq)).toEqual([4, 5]);
    expect(welcomes(back)).toHaveLength(1);
    expect(back.all.some(({ kind }) => kind === "Resync")).toBe(false);
  });

  it("[W5] two devices at once, for the first time, end in one conversation", async () => {
    const { url, jwt } = await setUp();
    const devices = await Promise.all(Array.from({ length: 5 }, () => V1Client.connect(url())));
    const sids = await Promise.all(devices.map(async (device) => (await identify(device, jwt("ada"))).sid));
    expect(new Set(sids).size).toBe(1);
  });

  it("[W5] begins anew when the person's conversation was erased", async () => {
    const { url, jwt, log } = await setUp();
    const first = await V1Client.connect(url(), { jwt: jwt("ada") });
    await log.erase(first.welcome.sid, ERASED);
    const again = await V1Client.connect(url(), { jwt: jwt("ada") });
    await isFresh(again, [first.welcome.sid]);
    const third = await V1Client.connect(url(), { jwt: jwt("ada") });
    expect(third.welcome.sid).toBe(again.welcome.sid);
  });

  it("[W5] keeps no name of the person whose session is erased while he is identified", async () => {
    const memory = createMemoryLog({ partitions: 3 });
    const person = sidOfPerson("one", "https://shop.example", "ada");
    const granted = (records: readonly LogRecord[]) =>
      records.some(({ payload }) => payload?.kind === "Control" && "person" in payload.message);
    const { url, jwt, log } = await setUp({
      ...memory,
      async append(records) {
        await memory.append(records);
        // Between the session's record and the person's, when the eraser finds no link yet.
        if (granted(records)) await memory.erase(records[0]!.sid, ERASED, person);
      },
    });
    const ada = await V1Client.raw(url());
    ada.frame({ kind: "Hello", jwt: jwt("ada") });
    expect((await ada.whenClosed()).code).toBe(4410);
    expect([await log.read(person), (await everything(log)).filter(({ sid }) => sid === person)]).toEqual([[], []]);
  });

  it("[W5] the person's number is no session: it is neither token nor cookie", async () => {
    const { url, jwt, log } = await setUp();
    const ada = await V1Client.connect(url(), { jwt: jwt("ada") });
    const person = sidOfPerson("one", "https://shop.example", "ada");
    expect((await log.read(person)).map(({ payload }) => payload?.message)).toEqual([
      { kind: "Link", to: ada.welcome.sid },
    ]);
    const secret = ada.welcome.token.split(".")[1];
    await isFresh(await V1Client.connect(url(), { token: `${person}.${secret}` }), [ada.welcome.sid, person]);
    const bare = await BareClient.connect(url(), { cookie: person });
    expect(await bare.words(1)).toEqual(["StartChatSession s"]);
    expect(bare.cookie).toMatch(/^[0-9a-f]{40}$/);
  });

  it("[W5] every refusal is the same to the client, and nothing changes", async () => {
    const { url, jwt, signer, lines } = await setUp();
    const now = Math.floor(Date.now() / 1000);
    const right = claims("ada", "one", Date.now());
    const bad = [
      token(signer, { ...right, aud: "two" }),
      jwt("ada", { iat: now - 7200, exp: now - 3600 }),
      jwt("ada", { exp: now + 365 * 86_400 }),
      jwt("ada", { exp: String(now + 60) }),
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${jwt("ada").split(".")[1]}.`,
      token({ alg: "HS256", sign: Buffer.from(signer.stored), stored: "" }, right),
      token(newSigner("EdDSA"), right),
      "nonsense",
    ];
    const answers = [];
    for (const [n, wrong] of bad.entries()) {
      const client = await V1Client.connect(url());
      await client.send(type("s", "hello"));
      await client.seq(3);
      const from = client.all.length;
      client.frame({ kind: "Identify", id: "i", jwt: wrong });
      await client.until(() => client.all.length > from, `an answer to ${n}`);
      expect((await client.send(type("s", "still here"))).kind).toBe("Ack");
      answers.push(JSON.stringify(client.all[from]));
      // The same in a Hello: what is anonymous goes on.
      const hello = await V1Client.connect(url(), { token: client.welcome.token, jwt: wrong });
      expect(hello.welcome.sid).toBe(client.welcome.sid);
      await hello.until(() => hello.all.find(({ kind }) => kind === "Nack"), "the refusal");
    }
    expect([...new Set(answers)]).toEqual(['{"kind":"Nack","id":"i","code":"not-identified"}']);
    expect(lines.join()).not.toMatch(/eyJ|ada/);
  });

  it("[W5] shows a person's conversation to nobody whom the page could not identify", async () => {
    const { url, jwt } = await setUp();
    const ada = await V1Client.connect(url(), { jwt: jwt("ada") });
    await ada.send(type("s", "a secret of Ada"));
    await ada.seq(3);
    const nobody = await V1Client.connect(url(), { token: ada.welcome.token, jwt: "expired" });
    await isFresh(nobody, [ada.welcome.sid]);
    expect(nobody.raw.join()).not.toContain("secret");
  });

  it("[W5] takes a new key without a restart, and an old one no more", async () => {
    const { url, signer, next, keys } = await setUp();
    const right = claims("ada", "one", Date.now());
    const ada = await V1Client.connect(url(), { jwt: token(signer, right) });
    const third = newSigner("HS256");
    await storeKeys(keys, "one", [next, third]);
    for (const [by, same] of [
      [next, true],
      [third, true],
      [signer, false],
    ] as const) {
      const client = await V1Client.connect(url(), { jwt: token(by, right) });
      expect(client.welcome.sid === ada.welcome.sid).toBe(same);
    }
  });
});

describe("SignOut", () => {
  it("[W5] voids the token, closes all its tabs, and tells nobody whether it was good", async () => {
    const { url, jwt } = await setUp();
    const client = await V1Client.connect(url(), { jwt: jwt("ada") });
    await client.send(type("s", "hello"));
    const phone = await V1Client.connect(url(), { jwt: jwt("ada") });
    for (const token of [client.welcome.token, client.welcome.token, "nonsense", `${client.welcome.sid}.x`]) {
      const out = await V1Client.raw(url());
      out.frame({ kind: "SignOut", token });
      expect(await out.whenClosed()).toEqual({ code: 4401, reason: "" });
      expect(out.all).toEqual([]);
    }
    expect((await client.whenClosed()).code).toBe(4401);
    await isFresh(await V1Client.connect(url(), { token: client.welcome.token }), [client.welcome.sid]);
    // The person's other device has a token of its own.
    expect((await phone.send(type("s", "still here"))).kind).toBe("Ack");
  });

  it("[W5] voids the bare cookie of the same browser too, as Identify does", async () => {
    const { url, jwt } = await setUp();
    for (const how of ["identify", "sign out"] as const) {
      const bare = await BareClient.connect(url());
      bare.send(type("s", "a word of the first"));
      await bare.words(2);
      const cookie = bare.cookie!;
      const headers = { Cookie: `Fluvio-Bot-Assistant=${cookie}` };
      if (how === "identify") await V1Client.connect(url(), { jwt: jwt("ada") }, headers);
      else {
        const out = await V1Client.raw(url(), headers);
        out.frame({ kind: "SignOut", token: "none" });
        await out.whenClosed();
      }
      expect((await bare.whenClosed()).code).toBe(4401);
      const back = await BareClient.connect(url(), { cookie });
      expect(await back.words(1)).toEqual(["StartChatSession s"]);
      expect(back.cookie).not.toBe(cookie);
    }
  });
});
