import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ConversationDetail, ConversationList, Erasure, ErasureList } from "@parley/shared/api/conversations";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sidOfPerson } from "../proxy/identities.js";
import { IDENTITY_KEYS } from "../proxy/identity-keys.js";
import type { Runtime } from "../runtime.js";
import { choose, type, V1Client } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { Random, seedOfRun } from "../testing/random.js";
import { FLOWS, scratch, serve, writeFlows } from "../testing/server.js";
import { type Answered, type Identity, send, signIn } from "../testing/studio.js";
import { enter, type Guest, say } from "../testing/survey.js";
import { claims, newSigner, storeKeys, token } from "../testing/tokens.js";

const FLOW = "bot-assistant";
const random = new Random(seedOfRun());
const newWord = () => Array.from({ length: 24 }, () => random.pick([..."abcdefghijklmnopqrstuvwxyz"])).join("");

let folder: ReturnType<typeof scratch>;
let data: string;
let runtime: Runtime;
let owner: Identity;
let word: string;
let guest: Guest;
const readers: Database.Database[] = [];

const start = async () => {
  const flow = JSON.parse(readFileSync(join(FLOWS, `${FLOW}.json`), "utf8")) as unknown;
  const argv = writeFlows(folder.path, { [FLOW]: flow }, { [FLOW]: { variables: ["name"] } });
  runtime = await serve(undefined, { argv, env: { DATA_DIR: data } });
  owner = await signIn(runtime);
};
const call = (method: string, path: string, body?: unknown, headers = {}): Promise<Answered> =>
  send(runtime.url, method, `/api${path}`, {
    headers: { ...owner, ...headers },
    ...(body === undefined ? {} : { body }),
  });
const of = (one: Guest) => `/flows/${FLOW}/conversations/${one.welcome.sid}`;
const erase = async (one = guest) => (await call("DELETE", of(one))).json as Erasure;
const found = async (text: string) =>
  ((await call("GET", `/conversations?text=${text}`)).json as ConversationList).conversations.length;

/** The files of the data folder in which a word stands, in any case: what `grep -rail` says. */
function filesWith(text: string): string[] {
  try {
    const files = execFileSync("grep", ["-rail", text, data], { encoding: "utf8" });
    return files
      .trim()
      .split("\n")
      .map((file) => file.slice(data.length + 1))
      .sort();
  } catch (error) {
    // 1: no line; anything else is no answer.
    if ((error as { status?: number }).status !== 1) throw error;
    return [];
  }
}

/** A program that reads a file of the data folder and does not end its transaction. */
function hold(file: string): () => void {
  const reader = new Database(join(data, file), { readonly: true });
  readers.push(reader);
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM sqlite_schema").get();
  return () => void reader.exec("COMMIT");
}

/** Somebody has said the word, and it went wherever it goes. */
beforeEach(async () => {
  folder = scratch();
  data = join(folder.path, "data");
  word = newWord();
  await start();
  const other = await enter(runtime, FLOW);
  await say(other, choose("lang", "other"));
  await say(other, type("langPreference", "nothing special"));
  guest = await enter(runtime, FLOW);
  guest.frame({ kind: "SetVariables", id: "page", values: { name: `Ms ${word}` } });
  await say(guest, choose("lang", "other"));
  await say(guest, type("langPreference", `I like ${word} best`));
  await eventually(async () => expect(await found(word)).toBe(1));
  expect((await call("GET", of(guest))).text).toContain(word);
  expect((await call("GET", `/flows/${FLOW}/answers?text=${word}`)).text).toContain(word);
  const made = { sid: guest.welcome.sid, steps: [{ say: word }] };
  expect((await call("PUT", `/flows/${FLOW}/tests/one`, made, { "if-none-match": "*" })).status).toBe(200);
  // A preview of the same lives in memory.
  const flow = (await call("GET", `/flows/${FLOW}/file`)).json;
  const inputs = guest.messages.flatMap(({ message }) =>
    message.kind === "UserText" || message.kind === "ChoiceResponse" ? [{ kind: "answer", message }] : [],
  );
  const preview = await call("POST", `/flows/${FLOW}/previews`, { draft: { flow, settings: {} }, inputs });
  expect([preview.status, inputs.length], preview.text).toEqual([201, 2]);
  await call("PUT", `/flows/${FLOW}/tests/other`, { steps: [] }, { "if-none-match": "*" });
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await runtime.drain();
  folder.dispose();
});

describe("erasing a visitor's conversation", () => {
  it("[P17] leaves no trace in any file, closes the visitor's tab for good, and names what went with it", async () => {
    expect(filesWith(word)).toEqual(expect.arrayContaining(["log.db-wal", "projections.db-wal", "studio.db-wal"]));
    const { started } = (await call("GET", of(guest))).json as ConversationDetail;
    await new Database(join(data, "log.db"), { readonly: true }).backup(join(data, "copy of today.db"));
    const erasure = await erase();
    expect(erasure).toMatchObject({
      done: true,
      by: expect.any(String),
      tests: [`${FLOW}/one`],
      copies: ["copy of today.db"],
    });
    rmSync(join(data, "copy of today.db"));
    expect(erasure.since).toBe(started);
    expect(await guest.whenClosed()).toMatchObject({ code: CLOSE.erased });
    expect(filesWith(word)).toEqual([]);
    // A term stands in the full-text index without what it shares with the one before it.
    expect(filesWith(word.slice(5))).toEqual([]);
    expect([await found(word), await found("special")]).toEqual([0, 1]);
    expect((await call("GET", of(guest))).status).toBe(404);
    expect((await call("GET", `/flows/${FLOW}/tests/one`)).status).toBe(404);
    expect((await call("GET", `/flows/${FLOW}/tests/other`)).status).toBe(200);
    expect((await call("GET", `/flows/${FLOW}/counts`)).json).toMatchObject({ conversations: 1 });
    const again = await enter(runtime, FLOW);
    expect(again.messages[0]!.seq).toBe(1);
  });

  it("[P17] leaves nothing that names the person whose it was, who begins anew on every device", async () => {
    const signer = newSigner("EdDSA");
    await storeKeys(join(data, IDENTITY_KEYS), FLOW, [signer]);
    const jwt = token(signer, claims("ada", FLOW, Date.now()));
    const arrive = () => V1Client.connect(`${runtime.wsUrl}chat/${FLOW}`, { jwt });
    guest.frame({ kind: "Identify", id: "who", jwt });
    await guest.until(() => guest.all.filter(({ kind }) => kind === "Welcome")[1], "the second Welcome");
    const person = sidOfPerson(FLOW, "https://shop.example", "ada");
    expect((await arrive()).welcome.sid).toBe(guest.welcome.sid);
    expect(filesWith(person)).toContain("log.db-wal");
    expect((await erase()).done).toBe(true);
    expect([filesWith(person), await runtime.log.read(person)]).toEqual([[], []]);
    const anew = await arrive();
    expect(anew.welcome.sid).not.toBe(guest.welcome.sid);
    expect((await arrive()).welcome.sid).toBe(anew.welcome.sid);
    expect(filesWith(person)).toContain("log.db-wal");
  });

  it("is the same a second time, for an unknown one not found, and told to whoever asks", async () => {
    const first = await erase();
    expect(await erase()).toEqual(first);
    expect((await call("GET", `/flows/${FLOW}/erasures`)).json).toEqual({ erasures: [first] } satisfies ErasureList);
    expect((await call("DELETE", `/flows/${FLOW}/conversations/${"0".repeat(40)}`)).status).toBe(404);
    expect((await call("DELETE", `/flows/feedback-survey/conversations/${guest.welcome.sid}`)).status).toBe(404);
  });

  it.each(["log.db", "projections.db", "studio.db"])(
    "[P17] is not done while a program reads %s, says so, and is done by itself after that",
    async (file) => {
      const release = hold(file);
      const waiting = await erase();
      expect(waiting.done).toBe(false);
      expect(waiting.waits).toContain("Another program reads".slice(1));
      expect(filesWith(word)).not.toEqual([]);
      // Nobody sees it any more, and visitors are answered meanwhile.
      expect(await found(word)).toBe(0);
      expect((await call("GET", of(guest))).status).toBe(404);
      const other = await enter(runtime, FLOW);
      await say(other, choose("lang", "go"));
      release();
      const done = await eventually(async () => {
        const { erasures } = (await call("GET", `/flows/${FLOW}/erasures`)).json as ErasureList;
        expect(erasures[0]!.done).toBe(true);
        return erasures[0]!;
      });
      expect(done.waits).toBeUndefined();
      expect(filesWith(word)).toEqual([]);
    },
  );

  it("[P12] is noted as done by another try, where a full disk did not take that", async () => {
    vi.spyOn(runtime.studio.erasures, "done").mockImplementationOnce(() => {
      throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
    });
    await erase();
    await eventually(async () => {
      const { erasures } = (await call("GET", `/flows/${FLOW}/erasures`)).json as ErasureList;
      expect(erasures[0]).toMatchObject({ done: true });
    });
  });

  it("is gone on with by the next start", async () => {
    const release = hold("projections.db");
    expect((await erase()).done).toBe(false);
    await runtime.drain();
    release();
    for (const reader of readers.splice(0)) reader.close();
    await start();
    await eventually(async () => {
      const { erasures } = (await call("GET", `/flows/${FLOW}/erasures`)).json as ErasureList;
      expect(erasures[0]).toMatchObject({ done: true, tests: [`${FLOW}/one`] });
    });
    expect(filesWith(word)).toEqual([]);
  });

  it("is not undone by what the visitor sends while it goes on", async () => {
    const texts = Array.from({ length: 20 }, (_, i) => type("langPreference", `${word} ${i}`));
    const erased = erase();
    for (const [i, message] of texts.entries()) guest.frame({ kind: "Send", id: `late-${i}`, message });
    expect((await erased).done).toBe(true);
    expect(await guest.whenClosed()).toMatchObject({ code: CLOSE.erased });
    expect(await runtime.log.read(guest.welcome.sid)).toEqual([]);
    // What comes of it still comes within a write of the projections.
    await eventually(async () => expect(await found("special")).toBe(1));
    const other = await enter(runtime, FLOW);
    await say(other, choose("lang", "other"));
    await say(other, type("langPreference", "afterwards"));
    await eventually(async () => expect(await found("afterwards")).toBe(1));
    expect([await found(word), filesWith(word)]).toEqual([0, []]);
    expect(readdirSync(data)).toContain("log.db");
  });
});
