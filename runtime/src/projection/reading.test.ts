import { join } from "node:path";
import { MOST_COUNTED } from "@parley/shared/api/conversations";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scratch } from "../testing/server.js";
import type { Part } from "./fold.js";
import { ConversationReader, type Filter } from "./reading.js";
import { ProjectionStore } from "./store.js";

let store: ProjectionStore;
let reader: ConversationReader;
beforeEach(() => {
  store = new ProjectionStore(":memory:");
  reader = new ConversationReader(store);
});
afterEach(() => store.close());

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const part = (sid: string, minute: number, more: Partial<Part> = {}): Part => ({
  sid,
  n: 1,
  flow: "chat",
  version: 1,
  started: at(minute),
  last: at(minute),
  seq: 9,
  messages: 1,
  answers: 0,
  status: "waiting",
  waits: "ask",
  step: "ask",
  said: undefined,
  page: undefined,
  values: {},
  counts: {},
  texts: [],
  given: [],
  subject: undefined,
  handOffs: [],
  ...more,
});
const save = (...parts: Part[]) => store.save(parts, new Map());
const said = (...texts: string[]) => ({ texts: texts.map((text, i) => ({ seq: i + 1, text })) });
const sids = async (filter: Filter, limit = 100) =>
  (await reader.list(filter, limit)).map(({ sid, n }) => `${sid}${n > 1 ? n : ""}`);

describe("the list", () => {
  it("is newest first, and each page goes on behind the one before, whatever comes meanwhile", async () => {
    save(part("a", 1), part("b", 2), part("c", 2), part("c", 2, { n: 2 }), part("d", 3));
    expect(await sids({})).toEqual(["d", "c2", "c", "b", "a"]);
    const first = await reader.list({}, 2);
    save(part("e", 9));
    const second = await reader.list({}, 2, first.at(-1)!);
    const third = await reader.list({}, 2, second.at(-1)!);
    expect([...first, ...second, ...third].map(({ sid, n }) => `${sid}${n}`)).toEqual(["d1", "c2", "c1", "b1", "a1"]);
  });

  it("holds those of which everything asked is true", async () => {
    save(
      part("a", 1, { status: "ended", waits: undefined }),
      part("b", 2, { version: 2 }),
      part("c", 3, { flow: "other", waits: "else" }),
    );
    const lists: [Filter, string[]][] = [
      [{ flows: ["chat"] }, ["b", "a"]],
      [{ flows: ["chat", "other"] }, ["c", "b", "a"]],
      [{ flows: [] }, []],
      [{ version: 1 }, ["c", "a"]],
      [{ status: "ended" }, ["a"]],
      [{ waits: "ask" }, ["b"]],
      [{ from: at(2) }, ["c", "b"]],
      [{ to: at(2) }, ["a"]],
      [{ from: at(2), to: at(3), flows: ["chat"], version: 2, status: "waiting", waits: "ask" }, ["b"]],
      [{ version: 2, status: "ended" }, []],
      [{ sid: "c" }, ["c"]],
    ];
    for (const [filter, wanted] of lists) {
      expect(await sids(filter), JSON.stringify(filter)).toEqual(wanted);
      expect(await reader.number(filter)).toBe(wanted.length);
    }
  });
});

describe("search", () => {
  it("finds whoever said all words, in whatever message, in any case and without marks", async () => {
    save(
      part("a", 1, said("Grüße aus Köln", "and an e-mail to jane@x.example")),
      part("b", 2, said("KOLN is nice")),
      part("c", 3, { values: { email: "max@x.example" } }),
    );
    const found: [string, string[]][] = [
      ["köln", ["b", "a"]],
      ["koln jane", ["a"]],
      ["  e-mail  ", ["a"]],
      ["jan", ["a"]],
      ["ane", []],
      ["jane@x.example", ["a"]],
      ["max@x", ["c"]],
      ["x.example", ["c", "a"]],
      ["nobody", []],
      ["", ["c", "b", "a"]],
      ["-", []],
    ];
    for (const [text, wanted] of found) expect(await sids({ text }), text).toEqual(wanted);
  });

  it("finds parts of what is written without spaces, and pictures", async () => {
    save(part("a", 1, said("東京で言語を学ぶ")), part("b", 2, said("😀 Great")), part("c", 3, said("語言")));
    expect(await Promise.all([sids({ text: "言語" }), sids({ text: "東京" }), sids({ text: "😀" })])).toEqual([
      ["a"],
      ["a"],
      ["b"],
    ]);
  });

  it("takes no word for a command of its language", async () => {
    save(part("a", 1, said('say "NOT" near OR * ^ (a:b) {c} + d')), part("b", 2, said("other")));
    for (const text of [
      '"',
      '"not"',
      "NOT other",
      "a OR b",
      "text:other",
      "(",
      "*",
      "NEAR(a b)",
      "^say",
      '"; DROP',
      "\u0000a",
    ]) {
      await expect(sids({ text }), text).resolves.toBeDefined();
    }
    expect(await sids({ text: '"not"' })).toEqual(["a"]);
    expect(await sids({ text: "a OR other" })).toEqual([]);
  });

  it.each([2_100, 10_500])("is the same where %d are found, and keeps the order of the list", async (count) => {
    const every = Math.floor(count / 3);
    const many = Array.from({ length: count }, (_, i) =>
      part(`s${i}`, i, said("hello", i % every === 0 ? "rare" : "usual")),
    );
    save(...many, part("else", 1, said("nothing")));
    expect(await sids({ text: "hello" }, 2)).toEqual([`s${count - 1}`, `s${count - 2}`]);
    expect(await sids({ text: "hello rare" })).toEqual([`s${2 * every}`, `s${every}`, "s0"]);
    expect(await reader.number({ text: "hello" })).toBe(Math.min(count, MOST_COUNTED));
    // Over slices of the list, and by other conditions as well.
    const filter = { text: "hello", flows: ["chat"], from: at(count - 100), to: at(count - 10) };
    const search = await reader.search(filter);
    const first = await reader.list(search, 60);
    const rest = await reader.list(search, 60, first.at(-1));
    const all = [...first, ...rest].map(({ sid }) => sid);
    expect(all).toEqual(Array.from({ length: 90 }, (_, i) => `s${count - 11 - i}`));
    expect(await reader.number(filter)).toBe(90);
    expect(await reader.list({ text: "hello", version: 2 }, 9)).toEqual([]);
    expect((await reader.list({ text: "hello", to: at(3) }, 9)).map(({ sid }) => sid)).toEqual(["s2", "s1", "s0"]);
  });

  it("leaves others their turn, and what they write, while a word is looked up that nearly everybody said", async () => {
    const folder = scratch();
    const file = new ProjectionStore(join(folder.path, "projections.db"));
    try {
      const words = said(...Array<string>(15).fill("hello"));
      const parts = Array.from({ length: 2_100 }, (_, i) => part(`s${i}`, i, words));
      file.save(parts, new Map());
      let turns = 0;
      const write = () => {
        turns += 1;
        file.save([part(`other${turns}`, turns, said("hello"))], new Map());
        next = setImmediate(write);
      };
      let next = setImmediate(write);
      const found = await new ConversationReader(file).list({ text: "hello", to: at(1) }, 9);
      clearImmediate(next);
      expect(found.map(({ sid }) => sid)).toEqual(["s0"]);
      expect(turns).toBeGreaterThanOrEqual(5); // 31,500 messages.
      expect(file.scrub(), "nothing is read any more").toBe(true);
    } finally {
      file.close();
      folder.dispose();
    }
  });

  it("keeps nobody from emptying the files of what was erased, or from closing them", async () => {
    const folder = scratch();
    try {
      const file = new ProjectionStore(join(folder.path, "projections.db"));
      const words = said(...Array<string>(15).fill("hello"));
      file.save(
        Array.from({ length: 2_100 }, (_, i) => part(`s${i}`, i, words)),
        new Map(),
      );
      const looking = new ConversationReader(file).list({ text: "hello" }, 9);
      const ended = expect(looking).rejects.toThrow("not open");
      await new Promise((resolve) => setImmediate(resolve));
      expect(file.scrub()).toBe(true);
      file.close();
      await ended;
    } finally {
      folder.dispose();
    }
  });

  it("shows where the words stand", async () => {
    save(part("a", 1, said("nothing", `${"long ".repeat(40)}Köln is  here ${"and on ".repeat(40)}`)));
    const [row] = await reader.list({ text: "koln" }, 1);
    const found = reader.found(row!, "koln")!;
    expect(found).toContain("long \u0001Köln\u0002 is here and on");
    expect([found.at(0), found.at(-1), found.length]).toEqual(["…", "…", 164]);
    expect(reader.found(row!, "elsewhere")).toBeUndefined();
  });
});

describe("versions", () => {
  it("says how many conversations each has, and where they wait", () => {
    save(
      part("a", 1),
      part("b", 2, { status: "ended" }),
      part("c", 3, { version: 2, waits: "name" }),
      part("d", 4, { version: 2 }),
    );
    expect(reader.versions("chat")).toEqual([
      { version: 1, conversations: 2, waiting: { ask: 1 } },
      { version: 2, conversations: 2, waiting: { ask: 1, name: 1 } },
    ]);
    store.erase("c");
    store.erase("d");
    expect(reader.versions("chat").map(({ version }) => version)).toEqual([1]);
  });
});
