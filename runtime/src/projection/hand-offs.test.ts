import type { Message } from "@parley/shared/message";
import { type ActMessage, type LogRecord, runId } from "@parley/shared/record";
import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { createMetrics } from "../metrics.js";
import { ERASED, first, reset, says, sidOf, turn } from "../testing/records.js";
import { SessionFold } from "./fold.js";
import type { HandOff } from "./hand-offs.js";
import { Projector } from "./projector.js";
import { ConversationReader } from "./reading.js";
import { ProjectionStore } from "./store.js";

const SID = sidOf(1);
const cleanup: (() => unknown)[] = [];
afterEach(() => {
  for (const step of cleanup.splice(0).reverse()) step();
});

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
/** Records of a session, one a minute. */
class Told {
  readonly records: LogRecord[] = [first(SID), says(SID, "s.1", 1, "hello"), turn(SID, "s.1", 2)];
  fence = 0;
  #n = 0;

  #push(record: { readonly id: string; readonly [field: string]: unknown }): string {
    const { id } = record;
    this.records.push({ v: 1, sid: SID, timestamp: at(this.records.length), ...record } as unknown as LogRecord);
    return id;
  }

  /** What somebody does, and what the workflow says to it. */
  act(by: string, message: ActMessage & { queue?: string }, ...run: Message[]): string {
    this.#n += 1;
    const id = this.#push({ id: `o.${this.#n}`, by, payload: { kind: "Control", message } });
    this.fence += 1;
    this.run(id, ...run);
    return id;
  }

  /** What else comes to the session, and what the workflow says to it. */
  input(payload: unknown, by: string, more: object, ...run: Message[]): string {
    this.#n += 1;
    const id = this.#push({ id: `${by === "visitor" ? "c" : "o"}.${this.#n}`, by, payload, ...more });
    this.run(id, ...run);
    return id;
  }

  text(chat: string, content: string): void {
    this.input({ kind: "Response", message: { kind: "UserText", sessionId: chat, content } }, "visitor", {});
  }

  say(by: string, act: string, content: string): void {
    this.input({ kind: "Request", message: { kind: "BotText", content } }, by, { act });
  }

  run(of: string, ...messages: Message[]): void {
    const common = { of, fence: this.fence };
    messages.forEach((message, i) => {
      const id = runId(of, this.fence, i + 1);
      this.#push({ id, ...common, by: "bot", payload: { kind: "Request", message } });
    });
    this.#push({ id: runId(of, this.fence, messages.length + 1), ...common, payload: CONTROL_TURN });
  }

  /** Something of the visitor that the flow answers by asking for a person. */
  handOff(chat: string, handOff: { queue?: string; timeout?: number } = {}): void {
    this.input({ kind: "Response", message: { kind: "UserText", sessionId: "s", content: "help" } }, "visitor", {}, {
      ...{ kind: "StartChatSession", sessionId: chat },
      handOff,
    } as Message);
  }

  /** The rows as they stand after all records. */
  rows(): HandOff[] {
    const fold = new SessionFold();
    for (const record of this.records) fold.push(record);
    return fold.parts.flatMap((part) => part.handOffs);
  }
}
const CONTROL_TURN = { kind: "Control", message: { kind: "Turn" } };
const START = { kind: "StartChatSession", sessionId: "operator" } as const;
const END = { kind: "EndChatSession", sessionId: "operator" } as const;

describe("hand-offs of a session", () => {
  it("one taken over by hand: by whom, what the visitor says, until it is given back", () => {
    const told = new Told();
    const taken = told.act("person:Ada", { kind: "Takeover", name: "Ada" }, START);
    told.text("operator", "are you  there?");
    told.say("person:Ada", taken, "yes");
    expect(told.rows()).toMatchObject([
      { k: 1, n: 1, flow: "chat", id: "o.1", chat: undefined, holder: "person:Ada", name: "Ada", opened: at(3) },
    ]);
    told.text("operator", "good");
    told.act("person:Ada", { kind: "GiveBack", after: taken }, END);
    const [row] = told.rows();
    expect(row).toMatchObject({ taken: at(3), takenBy: "person:Ada", outcome: "closed", ended: at(12) });
    expect(row).toMatchObject({ said: "good", texts: [3, 5], replied: 4, holder: undefined });
  });

  it("one that the flow asks for waits in its queue, is taken, passed on and closed", () => {
    const told = new Told();
    told.handOff("help", { queue: "Sales", timeout: 60 });
    expect(told.rows()).toMatchObject([
      { chat: "help", queue: "Sales", timeout: 60, request: told.records.at(-2)!.id, holder: undefined, seq: 3 },
    ]);
    const taken = told.act("person:Ada", { kind: "Takeover", name: "Ada" });
    const passed = told.act("person:Ada", { kind: "Assign", after: taken, queue: "Billing" });
    const [waits] = told.rows();
    expect(waits).toMatchObject({ queue: "Billing", holder: undefined, takenBy: "person:Ada", since: at(8) });
    const given = told.act("person:Ada", { kind: "Assign", after: passed, to: "person:Bob", name: "Bob" });
    expect(told.rows()).toMatchObject([{ holder: "person:Bob", takenBy: "person:Ada", ended: undefined }]);
    told.act("person:Bob", { kind: "GiveBack", after: given }, { kind: "EndChatSession", sessionId: "help" });
    expect(told.rows()).toMatchObject([{ outcome: "closed", queue: "Billing" }]);
  });

  it("one that nobody takes ends by what ends it", () => {
    for (const [kind, outcome] of [
      ["Due", "timeout"],
      ["Unavailable", "unavailable"],
    ] as const) {
      const told = new Told();
      told.handOff("help");
      const control = { kind: "Control", message: { kind, handOffId: "help", re: 3 } };
      told.input(control, "clock", {}, { kind: "EndChatSession", sessionId: "help" });
      expect(told.rows().map((row) => [row.outcome, row.taken])).toEqual([[outcome, undefined]]);
    }
    const told = new Told();
    told.handOff("help");
    told.records.push(reset(SID, "99", 1));
    told.run("c.99", { kind: "BotText", content: "hello" });
    told.handOff("help");
    expect(told.rows().map(({ n, k, outcome }) => [n, k, outcome])).toEqual([
      [1, 1, "left"],
      [2, 2, undefined],
    ]);
  });

  it("asked again it is the same one; elsewhere or at its end it is over", () => {
    const told = new Told();
    told.handOff("help", { queue: "Sales" });
    const [before] = told.rows();
    const handOff = { kind: "StartChatSession", sessionId: "help", handOff: { queue: "Sales" } } as Message;
    const again = told.act("person:Ada", { kind: "Resend" }, handOff);
    const [one, ...more] = told.rows();
    expect(more).toEqual([]);
    expect([one!.id, one!.opened]).toEqual([before!.id, before!.opened]);
    expect(one!.request).toBe(runId(again, 1, 1));
    const moved = told.act("person:Ada", { kind: "Move", after: again, state: "x" });
    told.handOff("help");
    told.act("person:Ada", { kind: "End", after: moved });
    expect(told.rows().map(({ outcome }) => outcome)).toEqual(["moved", "ended"]);
  });

  it("an act that does not count changes nothing", () => {
    const told = new Told();
    told.act("person:Ada", { kind: "Takeover", name: "Ada" }, START);
    told.fence -= 1;
    told.act("person:Bob", { kind: "Takeover", name: "Bob" });
    expect(told.rows()).toMatchObject([{ holder: "person:Ada", since: at(3) }]);
  });
});

describe("the projection of hand-offs", () => {
  async function project(log: ReturnType<typeof createMemoryLog>) {
    const store = new ProjectionStore(":memory:");
    const end = new AbortController();
    cleanup.push(
      () => store.close(),
      () => end.abort(),
    );
    const written: HandOff[] = [];
    const projector = new Projector({
      ...{ log, store, logger: pino({ level: "silent" }), metrics: createMetrics(), now: () => 0, flushEvery: 1e6 },
      onHandOffs: (rows) => written.push(...rows.map((row) => ({ ...row }))),
    });
    await projector.start(end.signal);
    return { store, written };
  }

  it("is written at once, read by flow and time, and the same when it is built anew", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const { store, written } = await project(log);
    const told = new Told();
    await log.append(told.records);
    const appended = told.records.length;
    told.handOff("help", { queue: "Sales" });
    await log.append(told.records.slice(appended));
    await vi.waitFor(() => expect(store.handOffs.open()).toHaveLength(1));
    const reader = new ConversationReader(store);
    expect(await reader.list({ person: "waiting" }, 9)).toHaveLength(1);
    const more = told.records.length;
    const taken = told.act("person:Ada", { kind: "Takeover", name: "Ada" });
    await log.append(told.records.slice(more));
    await vi.waitFor(() => expect(store.handOffs.open()[0]?.holder).toBe("person:Ada"));
    expect([await reader.list({ person: "waiting" }, 9), await reader.list({ person: "with" }, 9)]).toMatchObject([
      [],
      [{ person: "with" }],
    ]);
    expect(store.handOffs.open(["other"])).toEqual([]);
    const rest = told.records.length;
    told.act("person:Ada", { kind: "GiveBack", after: taken }, { kind: "EndChatSession", sessionId: "help" });
    await log.append(told.records.slice(rest));
    await vi.waitFor(() => expect(store.handOffs.open()).toEqual([]));
    const all = store.handOffs.opened(at(0), at(60), ["chat"]);
    expect(all).toEqual(told.rows());
    expect(store.handOffs.ended(at(0))).toEqual(all);
    expect(store.handOffs.find(SID, 1)).toEqual(all[0]);
    expect(written.map(({ holder, ended }) => [holder, ended !== undefined])).toEqual([
      [undefined, false],
      ["person:Ada", false],
      [undefined, true],
    ]);
    expect(await reader.list({ person: "with" }, 9)).toEqual([]);
    const anew = await project(log);
    expect(anew.store.handOffs.opened(at(0), at(60))).toEqual(all);
  });

  it("[P17] goes with an erased session", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const { store } = await project(log);
    const told = new Told();
    told.act("person:Ada", { kind: "Takeover", name: "Ada" }, START);
    await log.append(told.records);
    await vi.waitFor(() => expect(store.handOffs.of(SID)).toHaveLength(1));
    await log.erase(SID, ERASED);
    await vi.waitFor(() => expect(store.handOffs.of(SID)).toEqual([]));
  });
});
