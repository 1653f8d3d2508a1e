import { createHash, randomBytes } from "node:crypto";
import { BARE_COOKIE } from "@parley/shared/protocol/bare";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { BareClient, type, V1Client } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { everything } from "../testing/log-readers.js";
import { ERASED } from "../testing/records.js";
import { scratch, serve, writeFlows } from "../testing/server.js";
import { send, signIn } from "../testing/studio.js";
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

/**
 * A server with two flows and conversations in them, each of which holds the secret word; one of each kind is erased, and
 * the right to one of each is revoked.
 */
async function victims() {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const log = createMemoryLog({ partitions: 2 });
  const runtime = await serve(log, { argv: writeFlows(folder.path, { one: chat, two: chat }), env: { LIMITS: "off" } });
  cleanup.push(() => runtime.drain());
  const url = (flow: string) => `${runtime.wsUrl}chat/${flow}`;
  const cookies: string[] = [];
  const tokens: string[] = [];
  for (const flow of ["one", "one", "two", "one"]) {
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
  const [erased, kept, , revoked] = cookies.map((cookie, n) => ({ cookie, token: tokens[n]! }));
  for (const sid of [sidOfCookie(erased!.cookie), sidOfToken(erased!.token)]) await log.erase(sid, ERASED);
  const out = await V1Client.raw(url("one"), { Cookie: `${BARE_COOKIE}=${revoked!.cookie}` });
  out.frame({ kind: "SignOut", token: revoked!.token });
  await out.whenClosed();
  const records = await everything(log);
  const hashes = records.flatMap((record) => ("grant" in record && record.grant ? [record.grant] : []));
  const sids = [...new Set(records.map((record) => record.sid))];
  return { runtime, url, cookies, tokens, erased: erased!, kept: kept!, hashes, sids, records };
}

const sidOfToken = (token: string): string => token.split(".")[0]!;

/** Frames without what is drawn at random and the time. */
const alike = (frames: unknown[]): string => JSON.stringify(frames).replace(/"(sid|token|at)":"[^"]*"/g, '"$1":""');

/** Opens the flow with each value, as the cookie and as the token: a conversation that is no other's, alike to a stranger's. */
async function allAreFresh(url: string, values: readonly string[], known: readonly string[]): Promise<void> {
  const stranger = await BareClient.connect(url);
  await stranger.words(1);
  const other = await V1Client.connect(url);
  await other.until(() => other.all.some((frame) => frame.kind === "Turn"), "its turn");
  const wanted = alike(other.all);
  const tried = [...new Set(values)];
  const one = async (value: string): Promise<void> => {
    // What no header can hold no browser sends.
    if (/^[\x20-\x7e]*$/.test(value)) {
      const thief = await BareClient.connect(url, { cookie: value });
      await thief.words(1);
      expect(thief.cookie, value).toMatch(/^[0-9a-f]{40}$/);
      expect([...known, ...tried], value).not.toContain(thief.cookie);
      thief.send(type("s", "hello"));
      await thief.words(2);
      expect(thief.raw[0], value).toBe(stranger.raw[0]);
      expect(thief.raw.join(), value).not.toContain(SECRET);
      thief.ws.terminate();
    }
    const thief = await V1Client.connect(url, { token: value });
    await thief.until(() => thief.all.some((frame) => frame.kind === "Turn"), "its turn");
    expect(known, value).not.toContain(thief.welcome.sid);
    expect(alike(thief.all), value).toBe(wanted);
    expect(thief.raw.join(), value).not.toContain(SECRET);
    thief.ws.terminate();
  };
  for (let n = 0; n < tried.length; n += 10) await Promise.all(tried.slice(n, n + 10).map(one));
}

/** Every value in a text that somebody could take for an id. */
const valuesIn = (text: string): string[] => text.match(/[\w.=-]{8,}/g) ?? [];

// Others let whoever knew the number of a run or a room into its conversation: CVE-2026-42228, CVE-2026-110841.
describe("[P14] [session attach by id] nobody reads or joins another's conversation", () => {
  it("what is near the cookie or the token, foreign, revoked, erased or guessed begins a fresh one", async () => {
    const { url, cookies, tokens, erased, kept, hashes, sids } = await victims();
    const [sid, secret] = kept.token.split(".") as [string, string];
    const base64url = (hex: string): string => Buffer.from(hex, "hex").toString("base64url");
    await allAreFresh(
      url("one"),
      [
        ...sids,
        ...sids.map((one) => createHash("sha256").update(`bare:${one}`).digest("hex").slice(0, 40)),
        ...hashes.map((hash) => hash.slice(0, 40)),
        ...[erased.cookie, cookies[2]!, cookies[3]!],
        ...[kept.cookie.toUpperCase(), kept.cookie.slice(0, 39), `${kept.cookie}0`],
        `${kept.cookie.slice(0, 39)}${kept.cookie.endsWith("0") ? "1" : "0"}`,
        ...["0", "1", "2"].map((n) => n.padStart(40, "0")),
        randomBytes(20).toString("hex"),
        ...["", ".", "*", "' OR 1=1 --", "__proto__", "%00", "../1"],
        ...sids.flatMap((one) => [`${one}.`, `${one}.${"A".repeat(43)}`, `${one}.undefined`]),
        ...sids.map((one) => `${one}.${tokens[2]!.split(".")[1]}`).filter((one) => one !== tokens[2]),
        ...hashes.flatMap((hash) => [`${sid}.${hash}`, `${sid}.${base64url(hash)}`]),
        ...[erased.token, tokens[2]!, tokens[3]!, ` ${kept.token}`],
        ...[`${sid}.${secret.slice(0, 42)}`, `${sid}.${secret}A`, `${sid.toUpperCase()}.${secret}`],
        `${sid}.${secret.slice(0, 42)}${secret.endsWith("A") ? "E" : "A"}`,
        `${"0".repeat(40)}.${secret}`,
        `${sidOfCookie(kept.cookie)}.${secret}`,
        `${sid}.${randomBytes(32).toString("base64url")}`,
      ],
      [...cookies, ...sids],
    );
    // Who has it has it.
    const owner = await BareClient.connect(url("one"), { cookie: kept.cookie });
    expect((await owner.words(3)).join()).toContain(SECRET);
    const again = await V1Client.connect(url("one"), { token: kept.token });
    expect(JSON.stringify(await again.seq(3))).toContain(SECRET);
  });

  it("whatever stands in the log, the interface and a file opens none", async () => {
    const { runtime, url, cookies, sids, records } = await victims();
    const owner = await signIn(runtime);
    const get = async (path: string) => (await send(runtime.url, "GET", `/api/${path}`, { headers: owner })).text;
    let list = "";
    await eventually(async () => {
      list = await get("conversations?flow=one");
      // Those that were erased are in no list.
      expect((JSON.parse(list) as { conversations: unknown[] }).conversations).toHaveLength(4);
    });
    const { id } = (JSON.parse(list) as { conversations: { id: string }[] }).conversations[0]!;
    const texts = [
      JSON.stringify(records),
      list,
      await get(`flows/one/conversations/${id}`),
      ...(await Promise.all(
        ["json", "csv", "text"].map((format) => get(`flows/one/export/conversations?format=${format}`)),
      )),
      await get("flows/one/export/answers"),
    ];
    for (const text of texts.slice(0, 4)) expect(text).toContain(id);
    const values = texts.flatMap(valuesIn);
    expect(values.length).toBeGreaterThan(100);
    await allAreFresh(url("one"), values, [...cookies, ...sids]);
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
