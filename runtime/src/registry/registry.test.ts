import { randomBytes } from "node:crypto";
import type { ControlRecord, PartMessage, PublishedMessage } from "@parley/shared/record";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog, createMemoryStore } from "../log/memory.js";
import { Registry, sha256 } from "./registry.js";

const cleanup: (() => unknown)[] = [];
afterEach(() => {
  for (const step of cleanup.splice(0)) step();
});

const say = (content: string) => ({ a: { sendRequest: { kind: "BotText", content } } });
const AT = "2026-01-01T00:00:00.000Z";

async function open(log: EventLog, lines: string[] = []): Promise<Registry> {
  const end = new AbortController();
  cleanup.push(() => end.abort());
  const registry = new Registry(log, pino({ level: "error" }, { write: (line) => lines.push(line) }));
  await registry.start(end.signal);
  return registry;
}
let published = 0;
const publish = (registry: Registry, json: unknown, flow = "shop") =>
  registry.publish(
    { flow, json, settings: { title: "Shop" }, by: "ada", note: "n" },
    { id: `${published++}`, timestamp: AT },
  );

const controlRecord = (id: string, message: PartMessage | PublishedMessage): ControlRecord => ({
  v: 1,
  id,
  timestamp: AT,
  payload: { kind: "Control", message },
});
/** The parts of a flow as the registry writes them, and its `Published`. */
function written(
  json: unknown,
  parent: number,
  id: string,
  flow = "shop",
): { parts: ControlRecord[]; published: ControlRecord } {
  const text = Buffer.from(JSON.stringify(json));
  const [digest, size] = [sha256(text), 6 * 1024];
  const of = Math.max(1, Math.ceil(text.length / size));
  const parts = Array.from({ length: of }, (_, n) =>
    controlRecord(`p.${digest}.${n}`, {
      kind: "Part",
      digest,
      n,
      of,
      data: text.subarray(n * size, (n + 1) * size).toString("base64"),
    }),
  );
  const message: PublishedMessage = { kind: "Published", flow, digest, parent, settings: {}, by: "x", note: "" };
  return { parts, published: controlRecord(id, message) };
}
const digests = (registry: Registry, flow = "shop") => registry.versions(flow).map((version) => version.digest);
/** Resolves when a registry has read everything that is on the log now. */
const settled = (log: EventLog) => open(log);

describe("Registry", () => {
  it("numbers versions as they are published, and tells every registry the same", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const [one, two] = [await open(log), await open(log)];
    expect(await publish(one, say("1"))).toMatchObject({ flow: "shop", version: 1, by: "ada", note: "n", at: AT });
    expect(await publish(two, say("2"))).toMatchObject({ version: 2, settings: { title: "Shop" } });
    expect(await publish(one, say("other"), "other")).toMatchObject({ version: 1 });
    for (const registry of [one, two, await open(log)]) {
      expect(digests(registry)).toEqual([say("1"), say("2")].map((json) => sha256(JSON.stringify(json))));
      expect(registry.live("shop")?.version).toBe(2);
      expect(registry.flows()).toEqual(["shop", "other"]);
      expect(registry.beginning("shop")).toEqual({ flow: "shop", version: 2, step: 1 });
      expect([registry.live("none"), registry.beginning("none"), registry.versions("none")]).toEqual([
        undefined,
        undefined,
        [],
      ]);
    }
  });

  it("gives the program of each version, also of one that was not asked for long", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const registry = await open(log);
    for (let n = 1; n <= 70; n++) await publish(registry, say(`${n}`));
    for (const version of [1, 70, 35, 1]) {
      const send = registry
        .program({ flow: "shop", version })
        ?.states.get("a")
        ?.send?.(() => undefined);
      expect(send).toEqual({ kind: "BotText", content: `${version}` });
    }
    expect([registry.program({ flow: "shop", version: 71 }), registry.program({ flow: "none", version: 1 })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("publishes a flow of many parts, over a restart", async () => {
    const store = createMemoryStore(1);
    const big = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [
        `s${i}`,
        { sendRequest: { kind: "BotText", content: randomBytes(50).toString("hex") } },
      ]),
    );
    await publish(await open(createMemoryLog({ store })), big);
    expect(store.control.length).toBeGreaterThan(5);
    const registry = await open(createMemoryLog({ store }));
    expect(digests(registry)).toEqual([sha256(JSON.stringify(big))]);
    expect(registry.program({ flow: "shop", version: 1 })?.states.size).toBe(300);
  });

  it("of two publishers at once one counts, and the other is told, in every process alike", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const registries = [await open(log), await open(log)];
    await publish(registries[0]!, say("first"));
    const same = say("same");
    for (const pair of [
      [say("a"), say("b")],
      [same, same],
    ]) {
      const results = await Promise.all(registries.map((registry, i) => publish(registry, pair[i])));
      expect(results.filter((result) => result === undefined).length).toBe(1);
    }
    const within = await Promise.all([publish(registries[0]!, say("c")), publish(registries[0]!, say("d"))]);
    expect(within.filter((result) => result === undefined).length).toBe(1);
    for (const registry of [...registries, await open(log)]) {
      expect(registry.versions("shop").length).toBe(4);
      expect(digests(registry)).toEqual(digests(registries[0]!));
    }
  });

  it("counts no version whose parts are missing, whose digest is wrong or whose parent is not the live one", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const registry = await open(log);
    const missing = written(
      Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`s${i}`, say(`${i}`).a])),
      0,
      "v1",
    );
    expect(missing.parts.length).toBeGreaterThan(2);
    await log.control.append([...missing.parts.slice(1), missing.published]);
    const wrong = written(say("right"), 0, "v2");
    const data = Buffer.from(JSON.stringify(say("wrong"))).toString("base64");
    const message = { ...(wrong.parts[0]!.payload.message as PartMessage), data };
    await log.control.append([controlRecord("p", message), wrong.published]);
    const ahead = written(say("ahead"), 3, "v3");
    await log.control.append([...ahead.parts, ahead.published]);
    await log.control.append([written(say("nowhere"), 0, "v4").published]);
    const good = written(say("good"), 0, "v5");
    await log.control.append([...good.parts, good.published]);
    for (const one of [registry, await settled(log)])
      expect(digests(one)).toEqual([sha256(JSON.stringify(say("good")))]);
  });

  it("a flow that is taken down has no live version until the next one, which has to know of it", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const registry = await open(log);
    await publish(registry, say("1"));
    const down = { flow: "shop", parent: 1, by: "ada", note: "wrong" };
    expect(await registry.unpublish(down, { id: "d1", timestamp: AT })).toBe(true);
    for (const one of [registry, await settled(log)]) {
      expect([one.live("shop"), one.beginning("shop")]).toEqual([undefined, undefined]);
      expect(one.last("shop")).toMatchObject({ version: 1 });
      expect(one.takenDown("shop")).toEqual({ by: "ada", note: "wrong", at: AT });
      expect(one.program({ flow: "shop", version: 1 })).toBeDefined();
    }
    // Twice, of another version, of no flow, and a version that was made while it was live: all void.
    expect(await registry.unpublish(down, { id: "d2", timestamp: AT })).toBe(false);
    expect(await registry.unpublish({ ...down, flow: "none", parent: 0 }, { id: "d3", timestamp: AT })).toBe(false);
    const late = written(say("late"), 1, "late");
    await log.control.append([...late.parts, late.published]);
    expect(await publish(registry, say("2"))).toMatchObject({ version: 2 });
    expect(await registry.unpublish(down, { id: "d4", timestamp: AT })).toBe(false);
    for (const one of [registry, await settled(log)]) {
      expect(digests(one)).toEqual([say("1"), say("2")].map((json) => sha256(JSON.stringify(json))));
      expect(one.live("shop")).toMatchObject({ version: 2 });
      expect(one.takenDown("shop")).toBeUndefined();
    }
  });

  it("an older version is published once more without its parts, and says of which it is", async () => {
    const store = createMemoryStore(1);
    const log = createMemoryLog({ store });
    const registry = await open(log);
    await publish(registry, say("1"));
    await publish(registry, say("2"));
    const before = store.control.length;
    const again = { flow: "shop", json: say("1"), settings: {}, by: "ada", note: "back", back: 1 };
    expect(await registry.publish(again, { id: "b", timestamp: AT })).toMatchObject({ version: 3, back: 1 });
    expect(store.control.length - before).toBe(1);
    for (const one of [registry, await settled(log)]) {
      expect(one.live("shop")).toMatchObject({ version: 3, back: 1, digest: digests(one)[0] });
      expect(one.versions("shop")[1]!.back).toBeUndefined();
    }
  });

  it("judges a record where it stands: a void one never counts later, in a process that publishes neither", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const registry = await open(log);
    const early = written(say("x"), 0, "early"); // its parts come only with another flow's version
    await log.control.append([early.published]);
    await publish(registry, say("x"), "other");
    await log.control.append([early.published]); // appended again, as after an unknown outcome
    await publish(registry, say("y"), "third");
    for (const one of [registry, await settled(log)]) expect(one.versions("shop")).toEqual([]);
  });

  it("takes what was appended twice, after an unknown outcome, once", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const { parts, published: record } = written(say("x"), 0, "v1");
    for (let i = 0; i < 2; i++) await log.control.append([...parts, record]);
    expect((await open(log)).versions("shop").length).toBe(1);
  });

  it("[L4] counts nothing behind a record of a newer format or an unknown kind, and says so", async () => {
    for (const newer of [
      { v: 2, id: "new", timestamp: AT, payload: {} },
      { v: 1, id: "new", timestamp: AT, payload: { kind: "Control", message: { kind: "Withdrawn" } } },
    ]) {
      const log = createMemoryLog({ partitions: 1 });
      const lines: string[] = [];
      const registry = await open(log, lines);
      await publish(registry, say("1"));
      await log.control.append([newer as unknown as ControlRecord]);
      const { parts, published: record } = written(say("2"), 1, "v2");
      await log.control.append([...parts, record]);
      await settled(log);
      expect(registry.versions("shop").length).toBe(1);
      expect(lines.filter((line) => line.includes('"new"')).length).toBe(1);
      expect(await publish(registry, say("3"))).toBeUndefined();
    }
  });

  it("tells listeners of each version, until they leave", async () => {
    const registry = await open(createMemoryLog({ partitions: 1 }));
    let told = 0;
    const leave = registry.onPublished(() => {
      told += 1;
    });
    await publish(registry, say("1"));
    await publish(registry, say("2"));
    leave();
    await publish(registry, say("3"));
    expect(told).toBe(2);
  });

  it("a publication that the log does not take is refused, and nothing of it counts", async () => {
    let broken = false;
    const log = createMemoryLog({
      partitions: 1,
      beforeCommit: () => {
        if (broken) throw new Error("away");
      },
    });
    const registry = await open(log);
    broken = true;
    await expect(publish(registry, say("1"))).rejects.toMatchObject({ name: "AppendError", code: "not-stored" });
    broken = false;
    expect(await publish(registry, say("2"))).toMatchObject({ version: 1 });
    expect(registry.versions("shop").length).toBe(1);
  });

  it("goes on reading when the control stream ends or fails", async () => {
    const log = createMemoryLog({ partitions: 1 });
    let times = 0;
    const { control } = log;
    const registry = await open({
      ...log,
      control: {
        ...control,
        async *subscribe(after, options) {
          times += 1;
          if (times === 1) return;
          if (times === 2) throw new Error("gone");
          yield* control.subscribe(after, options);
        },
      },
    });
    expect(await publish(registry, say("1"))).toMatchObject({ version: 1 });
    expect(times).toBe(3);
  });
});
