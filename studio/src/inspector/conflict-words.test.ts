import { describe, expect, it } from "vitest";
import { applyAll } from "../document/apply.js";
import type { Change } from "../document/change.js";
import type { Draft, Json } from "../document/draft.js";
import { rebase } from "../document/rebase.js";
import { readSteps } from "../document/steps.js";
import { conflictOf, conflictWords, fieldOfConflict } from "./conflict-words.js";

const say = (content: string, next?: string): Json => ({
  sendRequest: { kind: "BotText", content },
  ...(next && { next }),
});
const ask: Json = {
  sendRequest: {
    kind: "ChoiceRequest",
    groupId: "g",
    question: "Well?",
    choices: [
      { itemId: "a", content: "A" },
      { itemId: "b", content: "B" },
    ],
  },
};
const base: Draft = {
  flow: { hi: say("Hi", "one"), one: say("One"), two: say("Two"), three: say("Three"), ask },
  layout: { notes: [{ id: "n", text: "A note", x: 0, y: 0 }] },
  settings: { title: "Flow", appearance: { color: "#000000", greeting: "Hi" } },
};

/** The one conflict of two people's changes, and how it is said. */
function between(mine: Change[], theirs: Change[]) {
  const newer = applyAll(base, theirs).draft;
  const { draft, conflicts } = rebase(newer, mine, base);
  expect(conflicts).toHaveLength(1);
  const graph = readSteps(draft);
  return { conflict: conflicts[0]!, graph, words: conflictWords(conflicts[0]!, graph, draft) };
}
const text = (step: string, value: string): Change => ({ kind: "set", at: [step, "sendRequest", "content"], value });
const leads = (step: string, value: string): Change => ({ kind: "set", at: [step, "next"], value });

describe("a conflict in words", () => {
  it("of a text is both texts, at its field and at no other", () => {
    const { conflict, graph, words } = between([text("hi", "Mine")], [text("hi", "Theirs")]);
    expect(words).toMatchObject({ says: "Somebody else changed this too.", mine: "Mine", theirs: "Theirs" });
    expect(conflictOf([conflict], graph, { step: "hi", field: "text" })).toBe(conflict);
    expect(conflictOf([conflict], graph, { step: "one", field: "text" })).toBeUndefined();
    expect(conflictOf([conflict], graph, { step: "hi", field: "lead", port: "then" })).toBeUndefined();
  });

  it("of where a step leads is the words of both steps, not their names", () => {
    const { conflict, graph, words } = between([leads("hi", "two")], [leads("hi", "three")]);
    expect(words).toMatchObject({ mine: "Two", theirs: "Three" });
    expect(fieldOfConflict(conflict, graph)).toEqual({ step: "hi", field: "lead", port: "then" });
  });

  it("of a step that they deleted offers it back", () => {
    const { conflict, graph, words } = between([text("two", "Two!")], [{ kind: "removeState", name: "two" }]);
    expect(words).toMatchObject({
      says: "Somebody else deleted ‘Two!’, which you changed.",
      mine: "Two!",
      theirs: "Deleted",
    });
    expect(fieldOfConflict(conflict, graph)).toBeUndefined();
  });

  it("of a step that I deleted shows what they made of it", () => {
    const { words } = between([{ kind: "removeState", name: "two" }], [text("two", "Two!")]);
    expect(words).toMatchObject({
      says: "Somebody else changed ‘Two!’, which you deleted.",
      mine: "Deleted",
      theirs: "Two!",
      takeMine: "Delete it",
    });
  });

  it("of an answer that I deleted is about the answer, and at no field", () => {
    const at = ["ask", "sendRequest", "choices"];
    const { conflict, graph, words } = between(
      [{ kind: "removeItem", at, item: "a" }],
      [{ kind: "set", at: [...at, { item: "a" }, "content"], value: "Ah" }],
    );
    expect(words).toMatchObject({
      says: "Somebody else changed an answer of ‘Well?’, which you deleted.",
      mine: "Deleted",
      theirs: "Ah",
    });
    expect(fieldOfConflict(conflict, graph)).toBeUndefined();
  });

  it("of the look names the parts that differ, and none that is the same in both", () => {
    const look = (greeting: string): Change => ({
      kind: "setting",
      key: "appearance",
      value: { color: "#000000", greeting },
    });
    const { words } = between([look("Mine")], [look("Theirs")]);
    expect(words).toMatchObject({
      says: "Somebody else changed the look too.",
      mine: "Greeting: Mine",
      theirs: "Greeting: Theirs",
    });
  });

  it("of a note is both texts", () => {
    const note = (text: string): Change => ({ kind: "note", id: "n", note: { id: "n", text, x: 0, y: 0 } });
    const { words } = between([note("Mine")], [note("Theirs")]);
    expect(words).toMatchObject({ says: "Somebody else changed a note too.", mine: "Mine", theirs: "Theirs" });
  });
});
