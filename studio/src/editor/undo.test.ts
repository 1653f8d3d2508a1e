import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyGesture, GESTURES, perform } from "../document/commands/gesture.arbitrary.js";
import { anyDraft, anyFlow } from "../document/draft.arbitrary.js";
import type { Draft } from "../document/draft.js";
import { fixAll } from "../findings/fix-all.js";
import { pastedAnswers } from "../inspector/pasted-answers.js";
import { FakeClock, FakeServer, openEditor } from "../testing/fake-server.js";
import type { EditorState } from "./store.js";

/** With a text question that takes one text only, so that there is something to fix. */
const rich: Draft = {
  flow: {
    ...JSON.parse(readFileSync(new URL("../../../flows/bot-assistant.json", import.meta.url), "utf8")),
    person: { sendRequest: { kind: "HandOff", handOffId: "person", queue: "Sales", timeout: 300 } },
    askSure: { sendRequest: { kind: "StartChatSession", sessionId: "sure", chatText: "Sure?" } },
    sureYes: { matchResponse: { kind: "UserText", sessionId: "sure", content: "Yes" }, next: "done" },
  },
  layout: {
    notes: [{ id: "n", text: "Look", x: 0, y: 0 }],
    groups: [{ id: "g", title: "G", states: ["done"] }],
  },
  settings: { title: "Bot" },
};

/** What one does in an open flow, in any view of it. */
const doing = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ does: fc.constant("gesture" as const), gesture: anyGesture, burst: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("json" as const), flow: anyFlow }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("replace" as const), draft: anyDraft }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("pasteAnswers" as const), a: fc.nat(20) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constantFrom("discard", "view", "leave", "fixAll", "undo", "redo", "wait"),
    }),
  },
);
type Doing = typeof doing extends fc.Arbitrary<infer Value> ? Value : never;

function act(state: () => EditorState, doing: Doing, clock: FakeClock): void {
  const { draft, run, steps, newId } = state();
  switch (doing.does) {
    case "gesture":
      return run(perform(draft, doing.gesture, newId), doing.gesture.kind, doing.burst ? "burst" : undefined);
    case "json":
      return state().setText(JSON.stringify(doing.flow), doing.flow);
    case "replace":
      return state().replace(doing.draft, "Open a file");
    case "pasteAnswers": {
      const asked = steps.steps.filter(({ kind }) => kind === "question" || kind === "text");
      const step = asked[doing.a % Math.max(1, asked.length)];
      const port = step?.ports[doing.a % step.ports.length];
      if (step === undefined || port === undefined) return;
      return run(
        pastedAnswers(draft, { step: step.id, port: port.id, lines: ["One", "Two"], before: "", after: "" }),
        "Paste answers",
      );
    }
    case "discard":
      state().setText("{");
      return state().discardText();
    case "view":
      return state().setView(state().view === "steps" ? "states" : "steps");
    case "leave":
      return state().select([]);
    case "fixAll":
      return run(fixAll(draft, state().findings), "Fix all");
    case "undo":
      return state().undo();
    case "redo":
      return state().redo();
    default:
      clock.time += 5000;
  }
}

function open(draft: Draft) {
  const clock = new FakeClock();
  return { clock, state: openEditor(new FakeServer(draft), clock).getState };
}

const written = ({ draft, text }: EditorState): string => JSON.stringify({ draft, text });

/** Undone, what was done in any view gives the first document byte for byte; done again, the last. */
function goesBackAndForth(first: Draft, doings: readonly Doing[]): void {
  const { clock, state } = open(first);
  for (const doing of doings) {
    act(state, doing, clock);
    // Back by undo, it is in the way of everything else.
    if (state().text !== undefined) state().discardText();
  }
  const last = written(state());
  let steps = 0;
  while (state().canUndo) {
    state().undo();
    steps += 1;
    if (state().text !== undefined) {
      expect(state().text).toBe("{");
      state().redo();
      state().undo();
      // Once it is corrected, undo goes on.
      state().setText(JSON.stringify(state().draft.flow), state().draft.flow);
    }
  }
  expect(JSON.stringify(state().draft)).toBe(JSON.stringify(first));
  for (let i = 0; i < steps; i++) state().redo();
  expect(written(state())).toBe(last);
}

describe("undo", () => {
  it("of all that was done in any view gives the first document, and redo the last", () => {
    const doings = fc.array(doing, { maxLength: 14 });
    fc.assert(
      fc.property(doings, (doings) => goesBackAndForth(rich, doings)),
      { numRuns: 200 },
    );
    fc.assert(fc.property(anyDraft, doings, goesBackAndForth), { numRuns: 200 });
  });

  it.each(Object.keys(GESTURES))("of %s alone gives back what was there", (kind) => {
    let did = 0;
    for (let a = 0; a < 20; a++) {
      for (const view of ["steps", "states"] as const) {
        const { state } = open(rich);
        state().setView(view);
        const first = written(state());
        const gesture = { kind: kind as keyof typeof GESTURES, a, b: a + 1, word: "Well then" };
        state().run(perform(state().draft, gesture, state().newId), kind);
        if (written(state()) === first) continue;
        did += 1;
        const last = written(state());
        state().undo();
        expect(written(state())).toBe(first);
        state().redo();
        expect(written(state())).toBe(last);
      }
    }
    expect(did).toBeGreaterThan(0);
  });
});
