import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppendError } from "../log/event-log.js";
import { createMemoryLog } from "../log/memory.js";
import { scratch, writeFlows } from "../testing/server.js";
import { type FlowFile, flowPaths, readFlowFile, takeFile, type WaitingRoom, watchFlows } from "./flow-files.js";
import { Registry } from "./registry.js";

const say = (content: string) => ({ a: { sendRequest: { kind: "BotText", content } } });
const cleanup: (() => unknown)[] = [];
let folder: string;
beforeEach(() => {
  const made = scratch();
  cleanup.push(() => made.dispose());
  folder = made.path;
});
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const refusal = (what: Promise<unknown>): Promise<unknown> =>
  what.then(
    () => "no error",
    (error: unknown) => error,
  );

describe("flowPaths", () => {
  it("names the flows of files and folders in the order given; of a folder only <name>.json, by name", async () => {
    const inner = join(folder, "inner");
    mkdirSync(inner);
    mkdirSync(join(inner, "b.tests"));
    writeFlows(inner, { b: {}, a: {}, "b.settings": {}, "b.layout": {} });
    writeFileSync(join(inner, "readme.md"), "");
    writeFlows(folder, { z: {} });
    const paths = await flowPaths(["z.json", "inner", join(folder, "z.json"), "./inner/a.json"], folder);
    expect(paths).toEqual([join(folder, "z.json"), join(inner, "a.json"), join(inner, "b.json")]);
  });

  it.each([
    ["flow-missing", "nothing.json", "Check the path"],
    ["flow-missing", ".", "holds no flow"],
    ["flow-name", "Bot.json", "small letters"],
    ["flow-name", "my flow.json", "small letters"],
    ["flow-name", "-bot.json", "small letters"],
    ["flow-name", "bot.txt", "small letters"],
    ["flow-name", `${"x".repeat(65)}.json`, "at most 64"],
  ])("exit code 2 and one sentence: %s %s", async (code, name, words) => {
    if (code === "flow-name") put(name, "{}");
    const error = await refusal(flowPaths([name], folder));
    expect(error).toMatchObject({ name: "UserError", code, exitCode: 2, message: expect.stringContaining(words) });
  });

  it("exit code 2 when two files would be one flow, and when a folder holds a name that is none", async () => {
    mkdirSync(join(folder, "one"));
    mkdirSync(join(folder, "two"));
    for (const name of ["one/bot.json", "two/bot.json"]) put(name, "{}");
    const twice = await refusal(flowPaths(["one", "two"], folder));
    expect(twice).toMatchObject({ code: "flow-twice", exitCode: 2, message: expect.stringContaining("Rename one") });
    put("two/Other.json", "{}");
    expect(await refusal(flowPaths(["two"], folder))).toMatchObject({ code: "flow-name", exitCode: 2 });
  });

  it("takes the shortest and the longest id", async () => {
    const paths = ["0.json", `${"x".repeat(64)}.json`].map((name) => put(name, "{}"));
    expect(await flowPaths(paths, folder)).toEqual(paths);
  });
});

describe("readFlowFile", () => {
  it("reads the flow and the settings beside it; its id is the file's name", async () => {
    const [path] = writeFlows(folder, { "my-bot": say("hi") });
    expect(await readFlowFile(path!)).toMatchObject({ id: "my-bot", path, json: say("hi"), settings: {} });
    put("my-bot.settings.json", JSON.stringify({ $schema: "x", title: "Shop", origins: ["https://a.example"] }));
    expect((await readFlowFile(path!)).settings).toEqual({ title: "Shop", origins: ["https://a.example"] });
  });

  it("keeps warnings", async () => {
    const [path] = writeFlows(folder, { bot: { ...say(" "), b: say("alone").a } });
    expect((await readFlowFile(path!)).warnings.map((finding) => finding.code).sort()).toEqual([
      "empty-text",
      "unreachable",
    ]);
  });

  it.each([
    ["not-readable", undefined, "cannot be read"],
    ["flow-errors", "{", "[not-a-flow]"],
    ["flow-errors", "[]", "not-a-flow"],
    [
      "flow-errors",
      '{\n  "a": {\n    "sendRequest": {"kind":"BotText","content":"x"},\n    "next": "b"\n  }\n}',
      ":4:",
    ],
  ])("exit code 2 and one sentence naming file and place: %s %s", async (code, text, words) => {
    const path = text === undefined ? join(folder, "bot.json") : put("bot.json", text);
    const error = await refusal(readFlowFile(path));
    expect(error).toMatchObject({ name: "UserError", code, exitCode: 2, message: expect.stringContaining(words) });
    expect((error as Error).message).toContain(path);
  });

  it.each([
    ["{", "not JSON"],
    ['{"titel":"x"}', "schema"],
    ['{"title":7}', "schema"],
    [
      JSON.stringify({
        appearance: { strings: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, "x".repeat(290)])) },
      }),
      "larger than",
    ],
  ])("exit code 2 for settings that are no settings: %s", async (text, words) => {
    const [path] = writeFlows(folder, { bot: say("hi") });
    put("bot.settings.json", text);
    const error = await refusal(readFlowFile(path!));
    expect(error).toMatchObject({ code: "bad-settings", exitCode: 2, message: expect.stringContaining(words) });
  });
});

const NOBODY_WAITS: WaitingRoom = { last: () => undefined, add: () => Promise.reject(new Error("nobody waits")) };

describe("takeFile", () => {
  async function registry(): Promise<Registry> {
    const end = new AbortController();
    cleanup.push(() => end.abort());
    const made = new Registry(createMemoryLog({ partitions: 1 }), pino({ level: "silent" }));
    await made.start(end.signal);
    return made;
  }
  const take = async (into: Registry, json: unknown, settings = {}) => {
    const [path] = writeFlows(folder, { bot: json, "bot.settings": settings });
    return takeFile(into, await readFlowFile(path!), NOBODY_WAITS, () => new Date(0));
  };

  it("publishes what differs from the last version of that file, in flow or settings, and nothing else", async () => {
    const one = await registry();
    expect(await take(one, say("1"))).toEqual({ published: 1 });
    expect(await take(one, say("1"))).toBeUndefined();
    expect(await take(one, say("1"), { title: "x" })).toEqual({ published: 2 });
    expect(await take(one, say("2"), { title: "x" })).toEqual({ published: 3 });
    expect(await take(one, say("1"))).toEqual({ published: 4 });
    expect(one.live("bot")).toMatchObject({ by: "file:bot", note: "bot.json", at: "1970-01-01T00:00:00.000Z" });
  });

  it("one of two processes that read the same change publishes it", async () => {
    const one = await registry();
    await take(one, say("1"));
    const [path] = writeFlows(folder, { bot: say("2") });
    const file = await readFlowFile(path!);
    const both = await Promise.all([0, 1].map(() => takeFile(one, file, NOBODY_WAITS, () => new Date(0))));
    expect(both.filter((outcome) => outcome !== undefined)).toEqual([{ published: 2 }]);
    expect(one.versions("bot").length).toBe(2);
  });

  it("waits unpublished when somebody else publishes at the same moment", async () => {
    const one = await registry();
    await take(one, say("1"));
    const [path] = writeFlows(folder, { bot: say("2") });
    const waits: string[] = [];
    const room: WaitingRoom = {
      last: () => undefined,
      add: async (file, { by, against }) => void waits.push(`${JSON.stringify(file.json)} ${by} ${against}`),
    };
    const file = await readFlowFile(path!);
    const [ours, taken] = await Promise.all([
      one.publish({ flow: "bot", json: say("ours"), settings: {}, by: "ada", note: "" }, { id: "x", timestamp: "" }),
      takeFile(one, file, room, () => new Date(0)),
    ]);
    expect([ours?.version, taken, waits]).toEqual([2, { waits: true }, [`${JSON.stringify(say("2"))} file:bot 2`]]);
  });
});

describe("watchFlows", () => {
  /** Files as they are taken, and lines as they are logged; waiting is for the next of either. */
  function watching(paths: string[], take: (file: FlowFile) => Promise<void> = async () => undefined) {
    const end = new AbortController();
    cleanup.push(() => end.abort());
    const told: string[] = [];
    const wake: (() => void)[] = [];
    const tell = (what: string): void => {
      told.push(what);
      for (const one of wake.splice(0)) one();
    };
    const logger = pino({ level: "info" }, { write: (line) => tell(String(JSON.parse(line).msg)) });
    const taken = async (file: FlowFile): Promise<void> => {
      await take(file);
      tell(`${file.id} ${JSON.stringify(file.json)} ${JSON.stringify(file.settings)}`);
    };
    watchFlows(paths, taken, { logger, signal: end.signal, retry: 1 });
    let seen = 0;
    /** Waits for one that holds the words, behind the last that was waited for. */
    const next = async (words: string): Promise<void> => {
      for (;;) {
        const at = told.slice(seen).findIndex((one) => one.includes(words));
        if (at >= 0) {
          seen += at + 1;
          return;
        }
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    };
    return { told, next };
  }

  it("takes changes of flow and settings, the taking away of settings, and reports what is broken or gone", async () => {
    const [path] = writeFlows(folder, { bot: say("one"), other: say("other") });
    const { told, next } = watching([path!]);
    await next("one");
    writeFlows(folder, { bot: say("two"), other: say("changed") });
    await next("two");
    put("bot.settings.json", '{"title":"Shop"}');
    await next('{"title":"Shop"}');
    rmSync(join(folder, "bot.settings.json"));
    await next(`${JSON.stringify(say("two"))} {}`);
    put("bot.json", "{");
    await next("The last version stays");
    rmSync(path!);
    await next("cannot be read");
    writeFlows(folder, { bot: say("three") });
    await next("three");
    expect(told.filter((one) => one.includes("other") || one.includes("changed"))).toEqual([]);
  });

  it("[P11] takes a change again until the log takes it, and the changes after it in their order", async () => {
    const [path] = writeFlows(folder, { bot: say("one") });
    let refusals = 3;
    const { told, next } = watching([path!], async () => {
      if (refusals-- > 0) throw new AppendError("not-stored", "The log is away.");
    });
    await next("one");
    expect(told.slice(0, 3)).toEqual(new Array(3).fill("The log is away. The last version stays."));
  });
});
