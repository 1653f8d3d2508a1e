import { readdirSync, readFileSync } from "node:fs";
import { isLayout } from "@parley/shared/flow/beside";
import type { Layout } from "@parley/shared/flow/layout";
import { describe, expect, it } from "vitest";
import { readSteps } from "../document/steps.js";
import { CARD } from "../theme/theme.js";
import { overlap, type Rect, sizeOf } from "./size.js";

const FLOWS = new URL("../../../flows/", import.meta.url);
const names = readdirSync(FLOWS).flatMap((file) => /^([^.]+)\.json$/.exec(file)?.[1] ?? []);
const json = (file: string) => JSON.parse(readFileSync(new URL(file, FLOWS), "utf8"));

describe.each(names)("the drawing of the example %s", (name) => {
  const layout: Layout = json(`${name}.layout.json`);
  const { steps, start } = readSteps({ flow: json(`${name}.json`), layout, settings: {} });
  const { positions = {}, notes = [] } = layout;

  it("has a place for each step, and for nothing else", () => {
    expect(isLayout(layout)).toBe(true);
    expect(Object.keys(positions).sort()).toEqual(steps.map(({ id }) => id).sort());
  });

  it("is of steps alone: none of its states is shown by itself", () => {
    expect(steps.filter(({ kind }) => kind === "answer" || kind === "end-text").map(({ id }) => id)).toEqual([]);
  });

  it("begins at the left, and no card or note lies over another", () => {
    const cards = steps.map((step): [string, Rect] => [step.id, { ...positions[step.id]!, ...sizeOf(step) }]);
    const papers = notes.map(({ text, x, y, width = CARD.noteWidth, height = CARD.noteHeight }): [string, Rect] => [
      text,
      { x: x!, y: y!, width, height },
    ]);
    const all = [...cards, ...papers];
    const over = all.flatMap(([a, one], i) =>
      all.slice(i + 1).flatMap(([b, other]) => (overlap(one, other, 16) ? [[a, b]] : [])),
    );
    expect(over).toEqual([]);
    expect(Math.min(...cards.map(([, { x }]) => x))).toBe(positions[start!]!.x);
  });
});
