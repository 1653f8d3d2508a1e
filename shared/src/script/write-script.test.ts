import { expect, it } from "vitest";
import type { FlowJson } from "../flow/json.js";
import { ask, closeChat, openChat, picked, say, typed } from "../testing/states.js";
import type { LeftOutCode } from "./left-out.js";
import { writeScript } from "./write-script.js";

const CASES: readonly [code: LeftOutCode, flow: object, text: string][] = [
  ["unreadable", { a: say("A", "b"), b: { sendRequest: { kind: "Timer" }, next: "c" }, c: say("C") }, "A\nC"],
  ["same-id", { a: ask("q", ["x"]), x: picked("q", "x", "b"), b: ask("q", ["x"]) }, "q?\n- X\nq?\n- X -> q? #2"],
  ["unusual", { a: { ...say("A"), colour: "red" } }, "A"],
  ["leads-on", { a: ask("q", ["x"], "b"), x: picked("q", "x"), b: say("B") }, "q?\n- X ->\nB"],
  ["not-offered", { a: ask("q", ["x"]), x: picked("q", "x"), y: picked("q", "y") }, "q?\n- X"],
  ["answered-twice", { a: ask("q", ["x"]), x: picked("q", "x"), z: picked("q", "x") }, "q?\n- X"],
  ["stays-open", { a: openChat("c"), t: typed("c", "b"), b: say("B") }, "c? []\nB"],
  ["no-other-text", { a: openChat("c"), t: typed("c", "e", "yes"), e: closeChat("c") }, "c? []\n- yes"],
  ["stands-alone", { a: openChat("c"), t: typed("c", "e"), e: closeChat("c"), f: closeChat("c") }, "c? []"],
  ["gone", { a: say("A", "b") }, "A"],
  ["no-words", { a: say("", "b"), b: say("B") }, "…\nB"],
  [
    "answer",
    { a: openChat("c"), t: typed("c", "e"), e: closeChat("c", "b"), b: say("{{c}} {{c?}}") },
    "c? []\n{{c?}} {{c?}}",
  ],
];

it.each(CASES)("names what a script cannot say: %s", (code, flow, text) => {
  const written = writeScript(flow as FlowJson);
  expect(written.text).toBe(text);
  expect([...new Set(written.left.map(({ code }) => code))]).toEqual([code]);
});

it("says it in plain sentences", () => {
  const sentences = CASES.map(([, flow]) => writeScript(flow as FlowJson).left[0]!.message);
  expect(sentences).toMatchInlineSnapshot(`
    [
      "A step that cannot be read is left out.",
      "‘q?’ shares its answers with another question; the script has each with its own.",
      "What ‘A’ has besides its words is left out.",
      "‘q?’ leads on without waiting for an answer; in the script it waits.",
      "An answer to ‘q?’ that it does not offer is left out.",
      "Of two steps that take the same answer to ‘q?’, the first is in the script.",
      "‘c?’ takes one text after another; in the script it takes one.",
      "‘c?’ takes expected texts only; in the script it takes any other as well.",
      "A step that belongs to ‘c?’ and stands alone is left out; what follows it is there.",
      "‘A’ leads to a step that is not here; in the script it ends there.",
      "A step says nothing yet; in the script it is ‘…’.",
      "‘{{c}} {{c?}}’ has an answer in it that the script cannot name.",
    ]
  `);
});

it("writes bold words and links as marks, and other markup as it stands", () => {
  const said = (content: string) => writeScript({ a: { sendRequest: { kind: "BotText", content } } }).text;
  expect(said('Call <b>us</b>: <a href="tel:+49">our <b>line</b></a>.\n2 ** 3')).toBe(
    "Call **us**: [our **line**](tel:+49).\\\n2 \\** 3",
  );
  expect(said("See:\n<ul><li>a <b>b</b></li><li>c</li></ul>\nSo\n- d")).toBe("See:\\\n- a **b**\\\n- c\\\nSo\\\n\\- d");
  expect(said("<ul><li>a</li></ul>")).toBe("\\\n- a");
  expect(said("<ul><li>a</li></ul> so")).toBe("<ul><li>a</li></ul> so");
  expect(said("<b>Hello</b>")).toBe("**Hello**");
  expect(said("<strong>a</strong> <b> b</b>")).toBe("<strong>a</strong> <b> b</b>");
  expect(said('<a href="javascript:x">a</a> [b](/c)')).toBe('<a href="javascript:x">a</a> [b\\](/c)');
});

it("sets what nothing leads to apart, and what is deep", () => {
  const alone = { a: say("A"), b: say("B", "c"), c: say("C") };
  expect(writeScript(alone as FlowJson).text).toBe("A\n->\nB\nC");
  const deep = Array.from({ length: 10 }, (_, at): [string, unknown][] => [
    [
      `q${at}`,
      {
        sendRequest: {
          kind: "ChoiceRequest",
          groupId: `q${at}`,
          question: `Q${at}`,
          choices: [
            { itemId: "y", content: "Yes" },
            { itemId: "n", content: "No" },
          ],
        },
      },
    ],
    [`y${at}`, picked(`q${at}`, "y", at < 9 ? `q${at + 1}` : undefined)],
    [`n${at}`, picked(`q${at}`, "n")],
  ]);
  const { text, left } = writeScript(Object.fromEntries(deep.flat()) as FlowJson);
  expect(left).toEqual([]);
  expect(text.split("\n").filter((line) => line.includes("Q"))).toEqual([
    ...["Q0", "  Q1", "    Q2", "      Q3", "        Q4", "          Q5", "            Q6"],
    ...["Q7", "  Q8", "    Q9"],
  ]);
});

it("cuts the long words of a step that is led to, as long as they mean it alone", () => {
  const long = `${"word ".repeat(20)}end`;
  const flow = (second: string) => ({ a: say(long, "b"), b: say(second, "a") }) as unknown as FlowJson;
  expect(writeScript(flow("B")).text.split("\n").at(-1)).toBe(`-> ${"word ".repeat(12).trim()}…`);
  expect(
    writeScript(flow(`${long}, too`))
      .text.split("\n")
      .at(-1),
  ).toBe(`-> ${long}`);
});
