import { expect, it } from "vitest";
import type { FlowJson } from "../document/draft.js";
import { readSteps, type StepGraph } from "../document/steps.js";
import { drawnSteps } from "./drawn-steps.js";

const say = (content: string, next?: string) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });
/** Messages in a row; those without words of their own are the same objects each time, as in a draft that is edited. */
const chain = (length: number, words: Record<string, string> = {}): FlowJson => ({
  ...ROW,
  ...Object.fromEntries(EXTRA.slice(0, length - SMALL).map((state, i) => [`t${i}`, state])),
  ...Object.fromEntries(Object.entries(words).map(([name, content]) => [name, say(content)])),
});
const SMALL = 10;
const ROW: FlowJson = Object.fromEntries(Array.from({ length: SMALL }, (_, i) => [`s${i}`, say("Hello", `s${i - 1}`)]));
const EXTRA = Array.from({ length: 1500 }, () => say("Hello"));

/** An editor of which only the steps are asked, a timer set off by hand, and what was drawn. */
function open(flow: FlowJson) {
  let steps = readSteps({ flow, layout: {}, settings: {} });
  const listeners = new Set<() => void>();
  const due: (() => void)[] = [];
  const editor = {
    getState: () => ({ steps }),
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const timer = (run: () => void) => {
    due.push(run);
    return () => void due.splice(due.indexOf(run), 1);
  };
  const drawn = drawnSteps(editor as unknown as Parameters<typeof drawnSteps>[0], timer);
  const seen: StepGraph[] = [];
  const leave = drawn.subscribe(() => seen.push(drawn.get()));
  return {
    drawn,
    seen,
    leave,
    due,
    listeners,
    become: (flow: FlowJson) => {
      steps = readSteps({ flow, layout: {}, settings: {} }, steps);
      for (const listener of listeners) listener();
      return steps;
    },
    pause: () => due.shift()?.(),
  };
}

it("of a small flow every letter is drawn", () => {
  const { become, seen, due } = open(chain(10));
  for (const words of ["A", "Ab", "Abc"]) become(chain(10, { s1: words }));
  expect(seen.map(({ byId }) => byId.get("s1")?.text)).toEqual(["A", "Ab", "Abc"]);
  expect(due).toEqual([]);
});

it("of a large one the first letter is drawn, and then the newest after each pause", () => {
  const { become, seen, pause, due } = open(chain(1500));
  for (const words of ["A", "Ab", "Abc"]) become(chain(1500, { s1: words }));
  pause();
  become(chain(1500, { s1: "Abcd" }));
  pause();
  expect(seen.map(({ byId }) => byId.get("s1")?.text)).toEqual(["A", "Abc", "Abcd"]);
  pause();
  expect([seen.length, due.length]).toEqual([3, 0]);
});

it("what is added, removed or connected is drawn at once, with the words before it", () => {
  const { become, seen } = open(chain(1500));
  become(chain(1500, { s1: "A" }));
  become(chain(1500, { s1: "Ab" }));
  expect(seen).toHaveLength(1);
  const longer = become(chain(1501, { s1: "Ab" }));
  expect(seen.at(-1)).toBe(longer);
  const cut = become({ ...chain(1501, { s1: "Ab" }), s7: say("Hello", "t3") });
  expect(seen.at(-1)).toBe(cut);
});

it("what is done between the drawing and the listening is seen", () => {
  const { become, leave, drawn } = open(chain(1500));
  leave();
  drawn.get();
  const now = become(chain(1500, { s1: "A" }));
  drawn.subscribe(() => undefined);
  expect(drawn.get()).toBe(now);
});

it("nobody is left waiting when the drawing goes", () => {
  const { become, leave, due, listeners, drawn } = open(chain(1500));
  become(chain(1500, { s1: "A" }));
  leave();
  expect([due.length, listeners.size]).toEqual([0, 0]);
  const after = become(chain(1500, { s1: "Ab" }));
  expect(drawn.get()).toBe(after);
});
