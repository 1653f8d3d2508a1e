import { readScript } from "@parley/shared/script/read-script";
import { expect, it } from "vitest";
import { hintsOf, lineOf, lineSpan, stateAt } from "./script-hints.js";

const hints = (text: string, variables: string[] = []) =>
  hintsOf(readScript(text), variables).map(({ line, severity, message }) => `${line} ${severity} ${message}`);

it("says what is amiss in the script and in the flow, by lines", () => {
  expect(hints("Hi {{city}}\nSo?\n- Yes\n- No -> Bye\n-Well")).toEqual([
    "1 warning The message ‘Hi {{city}}’ asks for the answer to ‘city’, which is no question. If the page says it, add it in the settings, under ‘Names the page may set’.",
    "4 warning No line says ‘Bye’, so this ends there. Where an arrow is text, write \\->.",
    "5 warning ‘-Well’ is a message. If it is an answer, put a space behind the dash.",
  ]);
  expect(hints("Hi {{city}}\nSo?\n- Yes", ["city"])).toEqual([
    "3 warning The answer ‘Yes’ to ‘So?’ leads nowhere: the bot stays silent after it.",
  ]);
  expect(hints("A\n-> A").map((hint) => hint.slice(0, 7))).toEqual(["1 error"]);
});

it("says of nothing only that", () => {
  expect(hints(" ")).toHaveLength(1);
});

it("knows where a line stands", () => {
  expect(lineSpan("ab\ncd\n\ne", 2)).toEqual({ start: 3, end: 5 });
  expect(lineSpan("ab\ncd\n\ne", 3)).toEqual({ start: 6, end: 6 });
  expect(lineSpan("ab", 9)).toEqual({ start: 3, end: 3 });
});

it("knows what is written at a place", () => {
  const text = "Hi\n\nSo?\n- Yes\n  Well\n- No";
  const { lines } = readScript(text);
  expect([1, 2, 3, 4, 5, 6, 9].map((line) => stateAt(lines, line))).toEqual([
    ...["hi", "hi", "so", "soYes", "well", "soNo", "soNo"],
  ]);
  expect(stateAt(lines, 0)).toBeUndefined();
  expect([0, 2, 3, text.length].map((place) => lineOf(text, place))).toEqual([1, 1, 2, 6]);
});
