import { expect, it } from "vitest";
import { matching } from "./matching-replies.js";

const replies = ["Refund", "Opening hours", "Où sommes-nous"].map((title, n) => ({
  ...{ id: String(n), title, text: n === 1 ? "We open at nine. No refund then." : "…", by: "person:Ada", at: "" },
}));
const titles = (typed: string) => matching(replies, typed).map(({ title }) => title);

it("finds replies by the words in title and text, those whose title begins so first", () => {
  expect(titles("")).toEqual(["Refund", "Opening hours", "Où sommes-nous"]);
  expect(titles("refund")).toEqual(["Refund", "Opening hours"]);
  expect(titles("  NINE open ")).toEqual(["Opening hours"]);
  expect(titles("ou")).toEqual(["Où sommes-nous", "Opening hours"]);
  expect(titles("refund never")).toEqual([]);
});

it("shows no more than a hand can choose from", () => {
  const many = Array.from({ length: 20 }, (_, n) => ({ ...replies[0]!, id: String(n) }));
  expect(matching(many, "refund")).toHaveLength(8);
});
