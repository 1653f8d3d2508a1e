import { expect, it } from "vitest";
import { sameButWords, sameStep } from "./same-step.js";
import type { Port, Step } from "./steps.js";

const PORT: Required<Port> = {
  id: "answer:a",
  kind: "answer",
  label: "A",
  state: "s1",
  end: "s2",
  item: "a",
  to: "next",
  more: ["s3"],
  missing: "gone",
  ends: false,
};
const STEP: Required<Step> = {
  id: "ask",
  kind: "question",
  takes: "answer",
  states: ["ask", "s1"],
  title: "Well?",
  blank: false,
  text: "Well?",
  prompt: "Type",
  queue: "Sales",
  timeout: 60,
  ref: "g",
  ports: [PORT],
  start: false,
  folded: true,
  why: "So",
};

/** Another value of the same kind. */
const other = (value: unknown): unknown =>
  typeof value === "boolean"
    ? !value
    : typeof value === "number"
      ? value + 1
      : Array.isArray(value)
        ? [...value, "more"]
        : `${value} more`;

it.each(["title", "blank", "text", "prompt"] as const)("another %s is no other step for a panel", (field) => {
  const changed = { ...STEP, [field]: other(STEP[field]) };
  expect([sameButWords(STEP, changed), sameStep(STEP, changed)]).toEqual([true, false]);
});

it.each(Object.keys(STEP).filter((field) => !["title", "blank", "text", "prompt", "ports"].includes(field)))(
  "another %s is another step",
  (field) => {
    expect(sameButWords(STEP, { ...STEP, [field]: other(STEP[field as keyof Step]) })).toBe(false);
  },
);

it.each(Object.keys(PORT))("a way out with another %s is another step", (field) => {
  const port = { ...PORT, [field]: other(PORT[field as keyof Port]) } as Port;
  expect(sameButWords(STEP, { ...STEP, ports: [port] })).toBe(false);
  expect(sameButWords(STEP, { ...STEP, ports: [{ ...PORT }] })).toBe(true);
  expect(sameButWords(STEP, { ...STEP, ports: [] })).toBe(false);
});
