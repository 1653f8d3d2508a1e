import type { LogRecord } from "@parley/shared/record";
import { pino } from "pino";
import { describe, expect, it, vi } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import type { HandOff } from "../projection/hand-offs.js";
import { first, sidOf } from "../testing/records.js";
import { NobodyThere } from "./nobody-there.js";

const SID = sidOf(1);
const AT = "2026-01-01T00:00:00.000Z";

/** A log with one hand-off that waits. */
async function setUp() {
  const log = createMemoryLog({ partitions: 1 });
  const common = { v: 1, sid: SID, timestamp: AT, of: "s.1", fence: 0 };
  await log.append([
    first(SID),
    {
      ...{ ...common, id: "b.s.1.0.1", by: "bot", state: "person" },
      payload: {
        kind: "Request",
        message: { kind: "StartChatSession", sessionId: "help", handOff: { queue: "Sales" } },
      },
    },
    { ...common, id: "b.s.1.0.2", payload: { kind: "Control", message: { kind: "Turn" } } },
  ] as LogRecord[]);
  const row = (more: Partial<HandOff> = {}) =>
    ({ sid: SID, k: 1, n: 1, flow: "chat", request: "b.s.1.0.1", queue: "Sales", since: AT, ...more }) as HandOff;
  const there = { is: false };
  const anybody = vi.fn(() => there.is);
  const start = (open: () => readonly HandOff[] | undefined) =>
    new NobodyThere({
      log,
      open,
      attendance: { anybody },
      now: () => Date.parse(AT),
      logger: pino({ level: "silent" }),
    });
  const said = async () => (await log.read(SID)).slice(3).map(({ id, payload }) => [id, payload?.message.kind]);
  return { log, row, start, said, there, anybody };
}

describe("that nobody is there", () => {
  it("is said once of each wait, whoever looks, also after a restart", async () => {
    const { log, row, start, said, anybody } = await setUp();
    const one = start(() => [row(), row()]);
    await Promise.all([one.look(), one.look()]);
    expect(await said()).toEqual([["u.1.0", "Unavailable"]]);
    const reads = vi.spyOn(log, "read");
    await one.look();
    expect(reads).not.toHaveBeenCalled();
    await start(() => [row()]).look();
    expect(await said()).toEqual([["u.1.0", "Unavailable"]]);
    // Two that wait in one queue are one question.
    anybody.mockClear();
    await one.look();
    expect(anybody).toHaveBeenCalledTimes(1);
  });

  it("is not said where somebody is there or has it, of what no flow asked for, or before all is known", async () => {
    const { row, start, said, there } = await setUp();
    for (const rows of [undefined, [row({ holder: "person:Ada" })], [row({ request: undefined })]]) {
      await start(() => rows).look();
    }
    there.is = true;
    const one = start(() => [row()]);
    await one.look();
    expect(await said()).toEqual([]);
    there.is = false;
    await one.look();
    expect(await said()).toHaveLength(1);
  });

  it("is said again where the log could not be written", async () => {
    const { log, row, start, said } = await setUp();
    vi.spyOn(log, "append").mockRejectedValueOnce(new Error("full"));
    const one = start(() => [row()]);
    await one.look();
    expect(await said()).toEqual([]);
    await one.look();
    expect(await said()).toHaveLength(1);
  });
});
