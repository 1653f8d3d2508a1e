import fc from "fast-check";
import type { ScriptStep } from "../script/script.js";
import { comparableText } from "../text.js";
import { EXPECTED, MARKUP, TEXTS } from "./words.js";

/** What means something in a script, and what nearly does. */
const MARKS: readonly string[] = [
  ...["- ", "-", "-> ", "->", "→ ", "•", "* ", "*", "– ", "[", "]", "[]", "[ask]", " [Your name]", "\\", "\\\\", "…"],
  ...[
    "...",
    " #2",
    "#2",
    " #",
    "{{",
    "}}",
    "|",
    "{{Hello}}",
    "{{one two|so}}",
    "{{city}}",
    "{{{{q}}}}",
    "  ",
    "\t",
    "\u00a0",
    "\ufeff",
    "**",
    "**so**",
    "\\\n- so",
    "\n- so",
    "<ul><li>so</li></ul>",
    "[there](/a)",
    "](https://example.org/?a=1&b=2)",
    '<a href="/a">',
    "</a>",
  ],
  ...["Hello", "one two", "\n", "a long line that goes on for more than sixty characters, so that it is cut in a link"],
];

/** Texts of which some are lines with marks, in any order and with any indentation. */
export const scripts: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.constantFrom("", "", "  ", "  ", "    ", "\t", " "),
      fc.constantFrom("", "", "- ", "- ", "-> ", "* ", "->"),
      fc.array(fc.constantFrom(...MARKS, ...TEXTS, ...MARKUP), { maxLength: 3 }),
      fc.constantFrom("", "", "", "", " [ask]", " -> Hello", " -> one two #2", " ->"),
    ),
    { maxLength: 14 },
  )
  .map((lines) => lines.map(([indent, mark, words, end]) => indent + mark + words.join("") + end).join("\n"));

const words = fc
  .array(fc.constantFrom(...MARKS, ...TEXTS, ...EXPECTED), { minLength: 1, maxLength: 3 })
  // A script has one kind of line break, and says nothing of what says nothing.
  .map((parts) => parts.join("").replaceAll("\r", ""))
  .filter((text) => text !== "" && text !== "…");
const place = fc.option(fc.nat({ max: 30 }), { nil: undefined });

const message = fc.record({ kind: fc.constant("message" as const), words, to: fc.tuple(place) });
const question = fc.record({
  kind: fc.constant("question" as const),
  words,
  answers: fc.array(fc.tuple(fc.oneof(words, fc.constant("")), place), { minLength: 1, maxLength: 4 }),
});
const text = fc.record({
  kind: fc.constant("text" as const),
  words: fc.oneof(words, fc.constant("")),
  prompt: fc.option(words, { nil: undefined }),
  expected: fc.uniqueArray(fc.tuple(words, place), { maxLength: 3, selector: ([words]) => comparableText(words) }),
  to: place,
});

/** Steps as a script can say them, the first of which is the start; where they lead is anywhere among them. */
export const scriptSteps: fc.Arbitrary<ScriptStep[]> = fc
  .array(fc.oneof(message, question, text), { minLength: 1, maxLength: 12 })
  .map((made) => {
    const to = (place: number | undefined) => (place === undefined ? undefined : place % made.length);
    return made.map((step): ScriptStep => {
      if (step.kind === "message") {
        return {
          kind: "message",
          words: step.words,
          prompt: undefined,
          ways: [{ words: undefined, to: to(step.to[0]) }],
        };
      }
      const answers = step.kind === "question" ? step.answers : step.expected;
      const ways = answers.map(([words, place]) => ({ words, to: to(place) }));
      if (step.kind === "question") return { kind: "question", words: step.words, prompt: undefined, ways };
      const { kind, words, prompt } = step;
      return { kind, words, prompt, ways: [...ways, { words: undefined, to: to(step.to) }] };
    });
  });
