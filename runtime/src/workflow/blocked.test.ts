import { isInput, type LogRecord } from "@parley/shared/record";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Registry } from "../registry/registry.js";
import { first, sidOf, text } from "../testing/records.js";
import { count, restarts, setUpWorkflow, shown } from "../testing/workflows.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const step of cleanup.splice(0).reverse()) await step();
});
const setUp = (options?: Parameters<typeof setUpWorkflow>[1]) => setUpWorkflow(cleanup, options);

const [one, two] = [sidOf(1), sidOf(2)];

describe("a session that cannot go on here", () => {
  it("[L4] waits for a version that was not read yet, and goes on with all that came when it is published", async () => {
    const { log, start, publish, metrics } = await setUp();
    await start();
    await log.append([first(one, { version: 2 })]);
    await log.append([text(one, "1", "Ada")]);
    await log.append([first(two)]);
    expect(await shown(log, two, 1)).toEqual(["StartChatSession"]);
    expect((await log.read(one)).every(isInput)).toBe(true);
    expect(await count(metrics.blocked)).toEqual({ version: 1 });
    await publish("two");
    expect(await shown(log, one, 2)).toEqual(["StartChatSession", "Ada", "two Ada"]);
    await log.append([text(one, "2", "Bob")]);
    expect((await shown(log, one, 3)).at(-1)).toBe("two Bob");
    expect([await count(metrics.blocked), await restarts(metrics)]).toEqual([{ version: 1 }, 0]);
  });

  it("[L4] is waited for over a restart of its partition and of the process", async () => {
    const { log, faults, start, publish, metrics } = await setUp();
    const stop = await start();
    await log.append([first(one, { version: 2 })]);
    await log.append([first(two)]);
    await shown(log, two, 1);
    faults.fail();
    await expect(log.append([text(two, "lost")])).rejects.toThrow();
    await log.append([text(two, "1", "Ada")]);
    await shown(log, two, 2);
    expect(await restarts(metrics)).toBe(1);
    await stop();
    await start();
    await publish("two");
    expect(await shown(log, one, 1)).toEqual(["StartChatSession"]);
  });

  it.each([
    ["step", first(one, { step: 99 })],
    ["unknown-kind", { ...text(one, "x"), payload: { kind: "Request", message: { kind: "Video" } } }],
    ["unknown-kind", { ...text(one, "x"), payload: { kind: "Request", message: { kind: "Video" } } }, false],
    ["newer-version", { ...text(one, "x"), v: 2, payload: { kind: "Else" } }],
    ["newer-version", { v: 2, sid: one, id: "x", timestamp: "", payload: { kind: "Control" } }],
    ["newer-version", { v: 2, sid: one, id: "x", timestamp: "", payload: { kind: "Control" } }, false],
  ])(
    "[L4] %s: stops, is counted once, and is kept for a build that can read it",
    async (reason, record, active = true) => {
      const { log, start, publish, places, metrics } = await setUp();
      let stop = await start();
      if (reason !== "step") {
        await log.append([first(one)]);
        await shown(log, one, 1);
      }
      if (active === false) {
        await stop();
        stop = await start();
      }
      await log.append([record as LogRecord]);
      await log.append([first(two)]);
      await shown(log, two, 1);
      expect(await count(metrics.blocked)).toEqual({ [reason]: 1 });
      await log.append([text(one, "1", "Ada")]);
      const followed = vi.spyOn(log, "follow");
      await publish("two");
      expect(followed).not.toHaveBeenCalled(); // Another version is of no use to it.
      await log.append([text(two, "1", "Bob")]);
      expect((await shown(log, two, 2)).at(-1)).toBe("one Bob");
      const answers = (await log.read(one)).filter((r) => "of" in r && r.of !== "s.1");
      expect([answers, await count(metrics.blocked), await restarts(metrics)]).toEqual([[], { [reason]: 1 }, 0]);
      await stop();
      expect([...(await places.load()).get(0)!.unfinished.keys()]).toEqual([one]);
    },
  );

  it("stops at an error of its own, and no other session with it", async () => {
    const { log, registry, start, metrics, places } = await setUp();
    const { program } = registry;
    vi.spyOn(registry, "program").mockImplementation(function (this: Registry, beginning) {
      if (beginning.version === 7) throw new Error("a flow that cannot be read");
      return program.call(this, beginning);
    });
    const stop = await start();
    await log.append([first(one, { version: 7 })]);
    await log.append([text(one, "1")]);
    await log.append([first(two)]);
    expect(await shown(log, two, 1)).toEqual(["StartChatSession"]);
    expect([await count(metrics.blocked), await restarts(metrics)]).toEqual([{ error: 1 }, 0]);
    await stop();
    expect([...(await places.load()).get(0)!.unfinished.get(one)!]).toEqual(["s.1", "c.1"]);
  });
});
