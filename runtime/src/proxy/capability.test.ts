import { createHash, randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { BareClient, type, V1Client } from "../testing/clients.js";
import { everything } from "../testing/log-readers.js";
import { ERASED } from "../testing/records.js";
import { scratch, serve, writeFlows } from "../testing/server.js";
import { sidOfCookie } from "./sessions.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const SECRET = "my secret word";
const chat = {
  a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
  t: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "b" },
  b: { sendRequest: { kind: "BotText", content: "You said {{s}}" } },
};

/** A server with two flows and conversations in them, each of which holds the secret word; one of each kind is erased. */
async function victims() {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const log = createMemoryLog({ partitions: 2 });
  const runtime = await serve(log, { argv: writeFlows(folder.path, { one: chat, two: chat }), env: { LIMITS: "off" } });
  cleanup.push(() => runtime.drain());
  const url = (flow: string) => `${runtime.wsUrl}chat/${flow}`;
  const cookies: string[] = [];
  const tokens: string[] = [];
  for (const flow of ["one", "one", "two"]) {
    const bare = await BareClient.connect(url(flow));
    await bare.words(1);
    bare.send(type("s", SECRET));
    await bare.words(2);
    cookies.push(bare.cookie!);
    const v1 = await V1Client.connect(url(flow));
    await v1.send(type("s", SECRET));
    await v1.seq(3);
    tokens.push(v1.welcome.token);
  }
  const erased = { cookie: cookies[0]!, token: tokens[0]! };
  for (const sid of [sidOfCookie(erased.cookie), erased.token.split(".")[0]!]) await log.erase(sid, ERASED);
  const records = await everything(log);
  const hashes = records.flatMap((record) => ("grant" in record && record.grant ? [record.grant] : []));
  return { url, cookies, tokens, erased, hashes, sids: [...new Set(records.map((record) => record.sid))] };
}

/** Frames without what is drawn at random and the time. */
const alike = (frames: unknown[]): string => JSON.stringify(frames).replace(/"(sid|token|at)":"[^"]*"/g, '"$1":""');

describe("[P14] nobody reads or joins another's conversation", () => {
  it("every value that is not the cookie itself begins a fresh conversation, as none does", async () => {
    const { url, cookies, tokens, erased, hashes, sids } = await victims();
    expect([sids.length, hashes.length]).toEqual([6, 2]);
    const fresh = await BareClient.connect(url("one"));
    await fresh.words(1);
    const guesses = [
      ...sids,
      ...tokens.map((token) => token.split(".")[0]!),
      ...hashes.map((hash) => hash.slice(0, 40)),
      ...sids.map((sid) => createHash("sha256").update(`bare:${sid}`).digest("hex").slice(0, 40)),
      erased.cookie,
      cookies[2]!, // of the other flow
      cookies[1]!.toUpperCase(),
      cookies[1]!.slice(0, 39),
      `${cookies[1]}0`,
      `${cookies[1]!.slice(0, 39)}${cookies[1]!.endsWith("0") ? "1" : "0"}`,
      "0".repeat(40),
      "1".padStart(40, "0"),
      randomBytes(20).toString("hex"),
      "",
      "*",
      "' OR 1=1 --",
    ];
    for (const cookie of guesses) {
      const thief = await BareClient.connect(url("one"), { cookie });
      await thief.words(1);
      expect(thief.cookie, cookie).toMatch(/^[0-9a-f]{40}$/);
      expect([...cookies, ...guesses], cookie).not.toContain(thief.cookie);
      thief.send(type("s", "hello"));
      await thief.words(2);
      expect(thief.raw[0], cookie).toBe(fresh.raw[0]);
      expect(thief.raw.join(), cookie).not.toContain(SECRET);
      thief.ws.terminate();
    }
    const owner = await BareClient.connect(url("one"), { cookie: cookies[1]! });
    expect((await owner.words(3)).join()).toContain(SECRET);
  });

  it("every value that is not the token itself begins a fresh conversation, as none does", async () => {
    const { url, cookies, tokens, erased, hashes, sids } = await victims();
    const fresh = await V1Client.connect(url("one"));
    await fresh.until(() => fresh.all.some((frame) => frame.kind === "Turn"), "its turn");
    const [sid, secret] = tokens[1]!.split(".") as [string, string];
    const other = tokens[2]!.split(".")[1]!;
    const base64url = (hex: string): string => Buffer.from(hex, "hex").toString("base64url");
    const guesses = [
      ...sids.flatMap((one) => [one, `${one}.`, `${one}.${"A".repeat(43)}`, `${one}.${other}`, `${one}.undefined`]),
      ...hashes.flatMap((hash) => [`${sid}.${hash}`, `${sid}.${base64url(hash)}`]),
      erased.token,
      tokens[2]!, // of the other flow
      `${sid}.${secret.slice(0, 42)}`,
      `${sid}.${secret}A`,
      `${sid}.${secret.slice(0, 42)}${secret.endsWith("A") ? "E" : "A"}`,
      `${sid.toUpperCase()}.${secret}`,
      ` ${tokens[1]}`,
      `${"0".repeat(40)}.${secret}`,
      `${sidOfCookie(cookies[1]!)}.${secret}`,
      cookies[1]!,
      `${sid}.${randomBytes(32).toString("base64url")}`,
      "",
      ".",
      "__proto__",
    ];
    for (const token of guesses) {
      const thief = await V1Client.connect(url("one"), { token });
      await thief.until(() => thief.all.some((frame) => frame.kind === "Turn"), "its turn");
      expect(sids, token).not.toContain(thief.welcome.sid);
      expect(alike(thief.all), token).toBe(alike(fresh.all));
      expect(thief.raw.join(), token).not.toContain(SECRET);
      thief.ws.terminate();
    }
    const owner = await V1Client.connect(url("one"), { token: tokens[1]! });
    expect(JSON.stringify(await owner.seq(3))).toContain(SECRET);
  });

  it("the values themselves are in no record", async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const log = createMemoryLog({ partitions: 1 });
    const runtime = await serve(log, { argv: writeFlows(folder.path, { one: chat }) });
    cleanup.push(() => runtime.drain());
    const bare = await BareClient.connect(runtime.wsUrl);
    const v1 = await V1Client.connect(runtime.wsUrl);
    await Promise.all([bare.words(1), v1.seq(1)]);
    const text = JSON.stringify(await everything(log));
    for (const value of [bare.cookie!, v1.welcome.token.split(".")[1]!]) expect(text).not.toContain(value);
    expect(text).toContain(v1.welcome.sid);
  });
});
