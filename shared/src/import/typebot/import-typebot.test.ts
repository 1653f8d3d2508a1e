import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLayout, isSettings } from "../../flow/beside.js";
import { check } from "../../flow/check.js";
import { writeScript } from "../../script/write-script.js";
import { roughExport } from "../../testing/typebot.arbitrary.js";
import { importTypebot } from "./import-typebot.js";
import type { ImportRefusal, TypebotImport } from "./report.js";

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../flows/typebot/${name}.json`, import.meta.url), "utf8"));

function imported(value: unknown): TypebotImport {
  const result = importTypebot(value);
  if ("code" in result) throw new Error(result.message);
  return result;
}
const refusalOf = (value: unknown): ImportRefusal => importTypebot(value) as ImportRefusal;

/** An export with one group of these blocks, and what else is given. */
const bot = (blocks: unknown[], more: object = {}) => ({
  version: "6.1",
  groups: [{ id: "g", title: "Group", graphCoordinates: { x: 0, y: 0 }, blocks }],
  edges: [],
  ...more,
});
const says = (text: string, more: object = {}) => ({
  ...{ id: text, type: "text", content: { richText: [{ type: "p", children: [{ text }] }] } },
  ...more,
});
const scriptOf = (value: unknown): string => writeScript(imported(value).flow).text;
/** The first text of the flow as it stands in the file. */
const firstText = (value: unknown): unknown => {
  const [state] = Object.values(imported(value).flow);
  return (state as { sendRequest: { content?: string; question?: string } }).sendRequest.content;
};

describe("an export of version 6", () => {
  const result = imported(fixture("workshop-6.1"));

  it("becomes the conversation that it was", () => {
    expect(writeScript(result.flow)).toEqual({
      text: `Hi! This is the **workshop** on the edge of town.\\
Plans &amp; prices are on [our page](https://workshop.example/prices?a=1&b=2).
[<img src="https://workshop.example/bench.jpg" alt="A workbench">](https://workshop.example)
What is your name? [Your first name]
Nice to meet you, {{What is your name?}}. Which class is it?
- First steps in code
  Good choice: {{Nice to meet you, …. Which class is it?}}.
  Where can we write to you, {{What is your name?}}?\\
  \\
  - No newsletters\\
  - <i>one</i> mail [Type your email address…]
  See you, {{What is your name?}}! We write to {{Where can we write to you, …? No newsletters one mail}}. You are number {{Number|one of many}}.
  ->
- Stools &amp; &lt;other&gt; furniture
  …
  - 1
  - 2
  - 3
  Bring an apron.
  ->
- None of these
  Then have another look, {{What is your name?}}.
  -> Nice to meet you, …. Which class is it?
We have kept your seat.
-> Where can we write to you, …? No newsletters one mail`,
      left: [],
    });
    expect(check(result.flow).map(({ code, state }) => `${code} ${state}`)).toEqual([
      "unreachable weHaveKeptYour",
      "unknown-answer seeYouWeWrite",
    ]);
  });

  it("keeps its groups about where they were, each step in one, and none on another", () => {
    const { positions = {}, groups = [], notes = [] } = result.layout;
    expect(groups.map(({ title }) => title).sort()).toEqual([
      "Class",
      "Furniture",
      "Hello",
      "Mail",
      "None",
      "Only for Ada",
    ]);
    expect(groups.flatMap(({ states }) => states).sort()).toEqual(Object.keys(positions).sort());
    expect(positions.hiThisIsThe).toEqual({ x: 0, y: 0 });
    expect(positions.weHaveKeptYour).toEqual({ x: 3260, y: -420 });
    const places = [...Object.values(positions), ...notes].map(({ x, y }) => ({ x: x!, y: y! }));
    for (const [n, a] of places.entries()) {
      for (const b of places.slice(n + 1)) expect(Math.abs(a.x - b.x) < 260 && Math.abs(a.y - b.y) < 110).toBe(false);
    }
    expect(isLayout(result.layout)).toBe(true);
  });

  it("leaves a note where something has no like here, and says what it did", () => {
    expect(result.report.notes).toEqual([
      {
        group: "Class",
        was: "Set variable",
        text: "Set variable (from Typebot)\nShout = {{Name}}.toUpperCase()\nHere it always goes on to what follows.",
      },
      {
        group: "Code",
        was: "Condition",
        text: "Condition (from Typebot)\nIf Name equal to “Ada” → “Only for Ada”\nHere it always goes on to “Mail”.",
      },
      {
        group: "Mail",
        was: "Webhook",
        text: "Webhook (from Typebot)\nhttps://hooks.example/class\nHere it always goes on to what follows.",
      },
      {
        group: "Furniture",
        was: "Wait",
        text: "Wait (from Typebot)\n3 seconds\nHere it always goes on to what follows.",
      },
    ]);
    expect(result.layout.notes?.map(({ text }) => text).sort()).toEqual(
      result.report.notes.map(({ text }) => text).sort(),
    );
  });

  it("reports each step with its group, its words, and what is otherwise than it was", () => {
    expect(result.report.steps.map(({ group, was }) => `${group}: ${was}`)).toEqual([
      ...["Hello: Text", "Hello: Image", "Hello: Text input", "Class: Buttons", "Only for Ada: Text", "Mail: Text"],
      ...["Mail: Email input", "Mail: Text", "Furniture: Rating", "Furniture: Text", "None: Text"],
    ]);
    expect(result.report.steps.slice(1, 4).map(({ became }) => became)).toEqual(["message", "text", "question"]);
    expect(result.report.steps.flatMap(({ state, remarks }) => remarks.map((remark) => `${state}: ${remark}`))).toEqual(
      [
        "whereCanWeWrite: It took only an email address; here it takes any text.",
        "seeYouWeWrite: Nothing here asks for “Number”: the page has to pass it.",
        "bringAnApron: It led to what is not in the file, or is empty; here it ends.",
      ],
    );
    expect(result.report.left).toEqual([
      "The sites that may show the bot are not taken along: name them again in the settings.",
      "Its own styles are not taken along.",
    ]);
  });

  it("has its title, picture and colour, and allows no site by itself", () => {
    expect(result.settings).toEqual({
      title: "Workshop",
      appearance: { color: "#2f6b4f", avatar: "https://workshop.example/face.png" },
    });
  });
});

it("an export of version 4 has its start in a group and its texts as HTML", () => {
  const { flow, report, layout } = imported(fixture("feedback-4"));
  expect(writeScript(flow).text).toBe(`How was <strong>your visit</strong>?\\
Be honest, {{First name}}.
- Good
- Bad
  What went wrong? [Tell us…]
Thank you!`);
  expect(report.notes).toEqual([]);
  expect(report.steps[0]!.remarks).toEqual([
    "Several answers could be picked; here it is one.",
    "Nothing here asks for “First name”: the page has to pass it.",
  ]);
  // Two that stood on one another no longer do.
  const { thankYou, whatWentWrong } = layout.positions ?? {};
  expect(whatWentWrong!.y).toBeGreaterThan(thankYou!.y + 110);
});

describe("what a text says", () => {
  it("stays plain where it is, and is text whatever is written in it", () => {
    expect(firstText(bot([says("1 < 2 & {{}} 'so'")]))).toBe("1 < 2 & 'so'".replace("& '", "&  '"));
    expect(firstText(bot([says("<b>not bold</b> &amp;")]))).toBe("&lt;b&gt;not bold&lt;/b&gt; &amp;amp;");
    expect(firstText(bot([says("<script>alert(1)</script>")]))).toBe("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it("has its marks, links and lists, and no address that would mean another place here", () => {
    const link = (url: string) => ({ type: "a", url, children: [{ text: "x" }] });
    const children = [
      { text: "a", bold: true, italic: true },
      ...[link("https://a.example/?a&b"), link("mailto:a@b.example"), link("/path"), link("javascript:alert(1)")],
      link("https://a.example/{{Name}}"),
    ];
    const richText = [
      { type: "p", children },
      { type: "ol", children: [{ type: "li", children: [{ type: "lic", children: [{ text: "one" }] }] }] },
      { type: "blockquote", children: [{ text: "said <i>" }] },
    ];
    expect(firstText(bot([{ id: "b", type: "text", content: { richText } }]))).toBe(
      '<b><i>a</i></b><a href="https://a.example/?a&amp;b">x</a><a href="mailto:a@b.example">x</a>xxx\n' +
        "<ol><li>one</li></ol>\n<blockquote>said &lt;i&gt;</blockquote>",
    );
  });

  it("has a picture only by an https address", () => {
    const image = (url: string) => bot([says("first"), { id: "i", type: "image", content: { url } }]);
    expect(scriptOf(image("https://a.example/x.png"))).toContain('<img src="https://a.example/x.png">');
    for (const url of ["http://a.example/x.png", "data:image/png;base64,AA", "/x.png", "https://a.example/{{x}}", ""]) {
      const { report } = imported(image(url));
      expect(
        report.notes.map(({ was }) => was),
        url,
      ).toEqual(["Image"]);
    }
  });

  it("means the question that was answered last, where several set a variable", () => {
    const ask = (id: string) => [says(id), { id: `${id}?`, type: "text input", options: { variableId: "v" } }];
    const variables = [{ id: "v", name: "It" }];
    expect(scriptOf(bot([...ask("One"), says("So {{It}}"), ...ask("Two"), says("Then {{It}}")], { variables }))).toBe(
      "One [Type your answer…]\nSo {{One}}\nTwo [Type your answer…]\nThen {{Two}}",
    );
  });

  it("is cut where it is longer than a message may be", () => {
    const long = imported(bot([says("ä".repeat(20_000)), says("x{{N}}".repeat(1_000)), says("fits")]));
    expect(check(long.flow).filter(({ severity }) => severity === "error")).toEqual([]);
    expect(
      long.report.steps.map(({ remarks }) => remarks.includes("It is longer than a message may be, and is cut.")),
    ).toEqual([...[true, true, false]]);
  });
});

describe("where it leads", () => {
  it("messages that lead back to themselves end, and say so", () => {
    const edges = [{ id: "e", from: { blockId: "two" }, to: { groupId: "g", blockId: "one" } }];
    const { flow, report } = imported(bot([says("one"), says("two", { outgoingEdgeId: "e" })], { edges }));
    expect(check(flow)).toEqual([]);
    expect(report.steps.flatMap(({ words, remarks }) => (remarks.length > 0 ? [words] : []))).toEqual(["two"]);
  });

  it("jumps and notes that lead round in a circle end", () => {
    const jump = (id: string, blockId: string) => ({ id, type: "Jump", options: { groupId: "g", blockId } });
    expect(scriptOf(bot([says("one"), jump("a", "b"), { id: "b", type: "Wait" }, jump("c", "a")]))).toBe("one");
  });

  it("a run of messages is not longer than a run may be", () => {
    const { flow } = imported(bot(Array.from({ length: 2_500 }, (_, n) => says(`m${n}`))));
    expect(check(flow).filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("an answer without an arrow goes on as its question does", () => {
    const buttons = {
      id: "q",
      type: "choice input",
      items: [
        { id: "a", content: "A" },
        { id: "b", content: "B" },
      ],
    };
    expect(scriptOf(bot([says("Which?"), buttons, says("Good")]))).toBe("Which?\n- A\n- B\nGood");
  });
});

describe("what cannot be imported", () => {
  it.each<[string, unknown, string]>([
    ["no object", [1], "not-typebot"],
    ["a flow", { a: { sendRequest: { kind: "BotText", content: "x" } } }, "not-typebot"],
    ["an older version", { ...bot([says("x")]), version: "2" }, "other-version"],
    ["a newer version", { ...bot([says("x")]), version: "7" }, "other-version"],
    ["a version that is none", { ...bot([says("x")]), version: {} }, "other-version"],
    ["nothing", bot([]), "nothing-to-import"],
    ["only what has no like here", bot([{ id: "c", type: "Condition", items: [] }]), "nothing-to-import"],
    ["many groups", { version: "6", groups: Array.from({ length: 1_001 }, () => ({})), edges: [] }, "too-large"],
    ["many blocks", bot(Array.from({ length: 7_000 }, () => says("x"))), "too-large"],
    ["many bytes", bot([says("x".repeat(10_000_001))]), "too-large"],
    ["a deep one", bot([JSON.parse(`${'{"children":['.repeat(80)}${"]}".repeat(80)}`)]), "too-deep"],
  ])("%s is refused in one sentence", (_, value, code) => {
    const refusal = refusalOf(value);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(/^[A-Z].*\.$/);
  });
});

/** What a flow that was another's may have; whatever is an error would be this code's fault. */
const HINTS = new Set([
  ...["unreachable", "dead-end", "unknown-answer", "answer-not-yet", "empty-text", "picture-without-alt"],
  "chat-never-closed",
]);

it("whatever is of its rough shape is refused, or becomes a flow without an error", () => {
  let made = 0;
  fc.assert(
    fc.property(roughExport(), (value) => {
      const result = importTypebot(value);
      if ("code" in result) return;
      made += 1;
      expect(check(result.flow).filter(({ code, severity }) => severity === "error" || !HINTS.has(code))).toEqual([]);
      expect(isLayout(result.layout)).toBe(true);
      expect(isSettings(result.settings)).toBe(true);
      expect(JSON.stringify(result)).not.toMatch(/[\uf8d0-\uf8db]/);
      for (const { state } of result.report.steps) expect(Object.hasOwn(result.flow, state)).toBe(true);
    }),
    { numRuns: 500, seed: 20261 },
  );
  expect(made).toBeGreaterThan(200);
});

it("whatever JSON there is does not make it throw", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (groups, edges) => {
      importTypebot(groups);
      importTypebot({
        version: "6",
        groups: [groups],
        edges: [edges],
        variables: groups,
        events: edges,
        theme: groups,
      });
    }),
  );
});
