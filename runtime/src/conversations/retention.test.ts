import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Runtime } from "../runtime.js";
import { choose } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { first, says, sidOf, text, turn, values } from "../testing/records.js";
import { FLOWS, scratch, serve } from "../testing/server.js";
import { type Identity, send, signIn } from "../testing/studio.js";
import { enter, type Guest, say } from "../testing/survey.js";
import { isOver } from "./retention.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGAN = Date.parse("2026-11-01T12:00:00.000Z");

/** So long after the beginning. */
const at = (record: LogRecord, ms: number): LogRecord => ({ ...record, timestamp: new Date(BEGAN + ms).toISOString() });

describe("[P17] the time of a session", () => {
  const sid = sidOf(1);
  const keeps = { sessions: 30 * DAY, unanswered: DAY };
  const greeted = [at(first(sid), 0), at(says(sid, "s.1", 1, "Hello"), 0), at(turn(sid, "s.1", 2), 0)];
  const answered = [...greeted, at(text(sid, "a"), HOUR)];
  const taken: LogRecord = {
    ...{ v: 1, sid, id: "o.1", by: "person:ada", timestamp: new Date(BEGAN + HOUR).toISOString() },
    payload: { kind: "Control", message: { kind: "Takeover", name: "Ada" } },
  };
  const given: LogRecord = {
    ...{ ...taken, id: "o.2", timestamp: new Date(BEGAN + 2 * HOUR).toISOString() },
    payload: { kind: "Control", message: { kind: "GiveBack", after: "o.1" } },
  };
  it.each([
    ["nobody answered it for a day", greeted, DAY, true],
    ["nobody answered it, not a day yet", greeted, DAY - 1, false],
    ["the page alone has said something", [...greeted, at(values(sid, "p", { name: "Ada" }), HOUR)], DAY + HOUR, true],
    ["somebody answered", answered, 30 * DAY, false],
    ["… and was silent since", answered, 30 * DAY + HOUR, true],
    ["a person has it", [...answered, taken], 900 * DAY, false],
    ["a person had it", [...answered, taken, given], 31 * DAY, true],
    ["a newer server wrote in it", [...answered, { ...at(text(sid, "b"), HOUR), v: 99 }], 900 * DAY, false],
    ["there is nothing", [], 900 * DAY, false],
  ] as const)("%s", (_what, records, after, over) => {
    expect(isOver(records, keeps, BEGAN + after)).toBe(over);
  });

  it("0 keeps", () => {
    expect(isOver(answered, { sessions: undefined, unanswered: DAY }, BEGAN + 900 * DAY)).toBe(false);
    expect(isOver(greeted, { sessions: undefined, unanswered: undefined }, BEGAN + 900 * DAY)).toBe(false);
  });
});

describe("[P17] retention", () => {
  const FLOW = "bot-assistant";
  let folder: ReturnType<typeof scratch>;
  let data: string;
  let now = BEGAN;
  let runtime: Runtime | undefined;
  beforeEach(() => {
    folder = scratch();
    data = join(folder.path, "data");
    now = BEGAN;
  });
  afterEach(async () => {
    await stop();
    folder.dispose();
  });

  const start = async (env: Record<string, string> = {}) => {
    const argv = [join(FLOWS, `${FLOW}.json`)];
    runtime = await serve(undefined, { argv, env: { DATA_DIR: data, ...env }, overrides: { now: () => now } });
    return runtime;
  };
  const guests: Guest[] = [];
  const come = async () => {
    const guest = await enter(runtime!, FLOW);
    guests.push(guest);
    return guest;
  };
  const stop = async () => {
    // Or the end waits until they are told to come back, one after the other.
    await Promise.all(guests.splice(0).map((guest) => guest.close()));
    await runtime?.drain();
    runtime = undefined;
  };
  /** Bytes of the databases, once the server has gone. */
  const size = () =>
    readdirSync(data)
      .filter((name) => /^(log|studio|projections)\.db/.test(name))
      .reduce((sum, name) => sum + statSync(join(data, name)).size, 0);
  const sids = async (who: Identity) =>
    (
      (await send(runtime!.url, "GET", "/api/conversations?limit=100", { headers: who })).json as {
        conversations: { id: string }[];
      }
    ).conversations.map(({ id }) => id);

  it("moved on by 40 days the folder is back to its size, and what goes on is there", async () => {
    await start();
    await stop();
    const empty = size();

    const old = await start();
    const content = "what somebody has said ".repeat(450);
    for (let n = 0; n < 100; n++) {
      const said = ["a", "b", "c"].map((id) => at(text(sidOf(n), id, content), n - 1_000));
      await old.log.append([at(first(sidOf(n), { flow: FLOW }), n - 1_000), ...said]);
    }
    const held = await come();
    const owner = await signIn(old);
    const deed = { id: "d1", kind: "Takeover", name: "Ada" };
    const path = `/api/flows/${FLOW}/conversations/${held.welcome.sid}/deeds`;
    expect((await send(old.url, "POST", path, { headers: owner, body: deed })).json).toMatchObject({ outcome: "done" });
    const silent = await come();
    const token = (await come()).welcome;
    await eventually(async () => expect(await sids(owner)).toContain(token.sid));
    await stop();
    const full = size();
    expect(full - empty).toBeGreaterThan(3_000_000);

    now = BEGAN + 40 * DAY;
    const later = await start({ RETENTION: "30" });
    const fresh = await come();
    await say(fresh, choose("lang", "other"));
    const reader = await signIn(later);
    const left = [held.welcome.sid, fresh.welcome.sid];
    await eventually(async () => expect((await sids(reader)).sort()).toEqual(left.toSorted()));
    for (const sid of [sidOf(0), sidOf(99), silent.welcome.sid, token.sid])
      expect(await later.log.read(sid)).toEqual([]);
    // No note of them is kept, once it is done.
    const noted = () => send(later.url, "GET", `/api/flows/${FLOW}/erasures`, { headers: reader });
    await eventually(async () => expect((await noted()).json).toEqual({ erasures: [] }));
    await stop();
    const tidy = size() - empty;
    expect(tidy, `${full - empty} bytes more, then ${tidy}`).toBeLessThan((full - empty) / 10);
  });

  it("what a start did not get to is gone on with by the next one, though that keeps everything", async () => {
    const reader = await signIn(await start());
    const { sid } = (await come()).welcome;
    await eventually(async () => expect(await sids(reader)).toContain(sid));
    await stop();
    now = BEGAN + 2 * DAY;
    const other = new Database(join(data, "log.db"), { readonly: true });
    other.exec("BEGIN");
    other.prepare("SELECT count(*) FROM record").get();
    const held = await start();
    await eventually(() => expect(held.studio.erasures.open()).toEqual([sid]));
    await stop();
    other.close();
    const next = await start({ RETENTION_UNANSWERED: "0" });
    await eventually(() => expect(next.studio.erasures.get(sid)).toBeUndefined());
    expect(await next.log.read(sid)).toEqual([]);
  });
});
