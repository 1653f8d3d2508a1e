import { setImmediate as nextTurn } from "node:timers/promises";
import type { ActRecord, LogRecord } from "@parley/shared/record";
import { Conversation, conversation } from "@parley/shared/session/conversation";
import { afterEach, describe, expect, it } from "vitest";
import type { EventLog } from "../log/event-log.js";
import { ENGINES, engineLog } from "../testing/engine-logs.js";
import { Random } from "../testing/random.js";
import { first, sidOf, text } from "../testing/records.js";
import { setUpWorkflow } from "../testing/workflows.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const act = (sid: string, id: string, message: ActRecord["payload"]["message"]): ActRecord => ({
  ...{ v: 1, sid, id: `o.${id}`, timestamp: "2026-01-01T00:00:00.000Z", by: "person:ada" },
  payload: { kind: "Control", message },
});

/** Waits until every input of the session has its end. */
async function settled(log: EventLog, sid: string, inputs: number): Promise<readonly LogRecord[]> {
  for (;;) {
    const records = await log.read(sid);
    const { after } = conversation(records);
    if (after.inputs === inputs && after.unfinished.length === 0) return records;
    await nextTurn();
  }
}

/** What a reader saw of the bot behind the takeover, and which of answer and takeover came first for it. */
function seen(records: readonly LogRecord[]) {
  const reader = new Conversation();
  let taken = false;
  let botAfter = 0;
  const seqs: number[] = [];
  for (const record of records) {
    const events = reader.push(record);
    for (const event of events) {
      if (event.kind !== "message") continue;
      seqs.push(event.seq);
      if (taken && event.state !== undefined) botAfter += 1;
    }
    if (record.id === "o.take") taken = true;
  }
  const answered = records.findIndex((record) => "of" in record && record.of === "c.1" && record.fence === 0);
  const took = records.findIndex(({ id }) => id === "o.take");
  return { botAfter, seqs, refused: reader.refused.get("c.1"), underWay: answered > took };
}

describe.each(ENGINES)("[P16] a takeover that races an answer of the bot, on %s", (engine) => {
  it("is followed by no word of the bot for any reader; the answer is shown once or refused once", async () => {
    const given = await engineLog(engine, cleanup);
    const { log, start } = await setUpWorkflow(cleanup, { log: given.log });
    cleanup.push(await start());
    const random = new Random(2026);
    const came = { botFirst: 0, personFirst: 0, underWay: 0 };
    const races = Array.from({ length: 1_000 }, (_, n) => n);
    for (let at = 0; at < races.length; at += 100) {
      await Promise.all(
        races.slice(at, at + 100).map(async (n) => {
          const sid = sidOf(n);
          await log.append([first(sid)]);
          await settled(log, sid, 1);
          const take = act(sid, "take", { kind: "Takeover", name: "Ada" });
          const wait = async (turns: number) => {
            for (let i = 0; i < turns; i++) await nextTurn();
          };
          const turns = random.int(0, 5);
          const answering = wait(random.chance(0.2) ? 3 : 0).then(() => log.append([text(sid, "1", "hello")]));
          await Promise.all([answering, wait(turns).then(() => log.append([take]))]);
          const found = seen(await settled(log, sid, 3));
          expect(found.botAfter, sid).toBe(0);
          expect(found.seqs).toEqual(found.seqs.map((_, i) => i + 1));
          expect([undefined, "paused"]).toContain(found.refused);
          if (found.refused === undefined) came.botFirst += 1;
          else came.personFirst += 1;
          if (found.underWay) came.underWay += 1;
        }),
      );
    }
    for (const [what, times] of Object.entries(came))
      expect(times, JSON.stringify(came) + what).toBeGreaterThanOrEqual(100);
  });
});

describe("a conversation that was given back", () => {
  it("asks again what was open, and goes on there on the version it was on", async () => {
    const { log, start } = await setUpWorkflow(cleanup);
    cleanup.push(await start());
    const sid = sidOf(1);
    await log.append([first(sid)]);
    await settled(log, sid, 1);
    await log.append([act(sid, "take", { kind: "Takeover", name: "Ada" })]);
    await log.append([text(sid, "1", "to the bot")]);
    const person: LogRecord = {
      ...text(sid, "2"),
      payload: { kind: "Response", message: { kind: "UserText", sessionId: "operator", content: "to you" } },
    };
    await log.append([person]);
    await settled(log, sid, 4);
    await log.append([act(sid, "back", { kind: "GiveBack", after: "o.take" })]);
    await settled(log, sid, 5);
    await log.append([text(sid, "3", "Zig")]);
    const { events } = conversation(await settled(log, sid, 6));
    const told = events.flatMap((event) => {
      if (event.kind === "turn") return event.refused === undefined ? [] : [`${event.of} ${event.refused}`];
      const { message } = event;
      return [
        "content" in message
          ? `${message.content}`
          : "sessionId" in message
            ? `${message.kind} ${message.sessionId}`
            : message.kind,
      ];
    });
    expect(told).toEqual([
      ...["StartChatSession s", "StartChatSession operator", "c.1 paused", "to you"],
      ...["EndChatSession operator", "StartChatSession s", "Zig", "one Zig"],
    ]);
  });
});
