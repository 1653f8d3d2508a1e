import { expect, it } from "vitest";
import { fitting } from "./added.js";

it.each([
  ["", ["message", "question", "text", "hand-off", "note"]],
  ["human", ["hand-off"]],
  ["say", ["message"]],
  ["ANSWER", ["question", "text"]],
  ["ask text", ["text"]],
  ["sticky", ["note"]],
  ["zz", []],
])("the palette finds %j", (words, ids) => {
  expect(fitting(words).map(({ id }) => id)).toEqual(ids);
});
