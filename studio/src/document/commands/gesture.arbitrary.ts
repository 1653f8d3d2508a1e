import { check } from "@parley/shared/flow/check";
import fc from "fast-check";
import { copy, duplicate, paste } from "../clipboard.js";
import type { Draft } from "../draft.js";
import { readStates, readSteps } from "../steps.js";
import { addMessage, addQuestion, addText, insertOnEdge } from "./add.js";
import { addAnswer, moveAnswer, removeAnswer, setExpectedText } from "./answers.js";
import { askInstead } from "./ask.js";
import { type CommandResult, itemKey, type PortRef } from "./command.js";
import { connect, disconnect, setStart, splice, spliceStart } from "./connect.js";
import { addNote, align, group, move, resolveNotes, setGroup, setNote, ungroup } from "./drawing.js";
import { applyFix } from "./fix.js";
import { setQueue, setWait } from "./hand-off.js";
import { moveInOrder } from "./order.js";
import { remove } from "./remove.js";
import { renameChat, renameGroup, renameItem, renameState } from "./rename.js";
import { setSetting } from "./settings.js";
import { setText } from "./text.js";

/** A gesture by numbers: which of the steps, ports and words that are there. */
export type Gesture = { readonly kind: GestureKind; readonly a: number; readonly b: number; readonly word: string };
export type GestureKind = keyof typeof GESTURES;

const TEXTS = ["Hello there", "What language?", "Go", "", "12", "constructor", "{{go}} is it", "言語", "a b c d e f g"];

type Chosen = {
  readonly draft: Draft;
  readonly step: string;
  readonly other: string;
  readonly port: PortRef;
  readonly next: PortRef;
  readonly item: string;
  readonly word: string;
  readonly ids: () => string;
};

/** Every command, on what was chosen. */
export const GESTURES = {
  addMessage: ({ draft, port, word }) => addMessage(draft, { after: port, text: word }),
  addAlone: ({ draft, word }) => addMessage(draft, { text: word, at: { x: 1, y: 2 } }),
  addStart: ({ draft, word }) => addMessage(draft, { text: word, start: true, insert: true }),
  addQuestion: ({ draft, port, word }) => addQuestion(draft, { after: port, text: word, answers: [word, "Go", word] }),
  addText: ({ draft, port, word }) => addText(draft, { after: port, text: word, expected: ["Yes"] }),
  insertMessage: ({ draft, port }) => insertOnEdge(draft, { edge: port, kind: "message" }),
  insertQuestion: ({ draft, port }) => insertOnEdge(draft, { edge: port, kind: "question" }),
  insertText: ({ draft, port }) => insertOnEdge(draft, { edge: port, kind: "text" }),
  insertHandOff: ({ draft, port }) => insertOnEdge(draft, { edge: port, kind: "hand-off" }),
  setQueue: ({ draft, step, word }) => setQueue(draft, { step, queue: word }),
  setWait: ({ draft, step, word }) => setWait(draft, { step, seconds: word === "" ? undefined : 60 }),
  addAnswer: ({ draft, step, next, word }) => addAnswer(draft, { step, contents: [word, "More"], before: next.port }),
  askForAnswer: ({ draft, step }) => askInstead(draft, { step, as: "question" }),
  askForText: ({ draft, step }) => askInstead(draft, { step, as: "text" }),
  removeAnswer: ({ draft, port }) => removeAnswer(draft, port),
  moveAnswer: ({ draft, port, next }) => moveAnswer(draft, { ...port, before: next.port }),
  setExpectedText: ({ draft, port, word }) => setExpectedText(draft, { ...port, text: word }),
  setOtherText: ({ draft, port }) => setExpectedText(draft, port),
  connect: ({ draft, port, other }) => connect(draft, { from: port, to: other }),
  disconnect: ({ draft, port }) => disconnect(draft, { from: port }),
  splice: ({ draft, port, other }) => splice(draft, { step: other, edge: port }),
  spliceStart: ({ draft, step }) => spliceStart(draft, { step }),
  setStart: ({ draft, step }) => setStart(draft, { step }),
  remove: ({ draft, step, other }) => remove(draft, { items: [step, other] }),
  removeReconnect: ({ draft, step }) => remove(draft, { items: [step], reconnect: true }),
  setText: ({ draft, step, word }) => setText(draft, { step, field: "text", text: word }),
  setPrompt: ({ draft, step, word }) => setText(draft, { step, field: "prompt", text: word }),
  setAnswer: ({ draft, port, word }) => setText(draft, { ...port, field: "port", text: word }),
  renameState: ({ draft, step, word }) => renameState(draft, { state: step, to: word }),
  renameGroup: ({ draft, step, word }) => renameGroup(draft, { step, to: word }),
  renameItem: ({ draft, port, word }) => renameItem(draft, { ...port, to: word }),
  renameChat: ({ draft, step, word }) => renameChat(draft, { step, to: word }),
  moveInOrder: ({ draft, step, other }) => moveInOrder(draft, { step, before: other }),
  moveLast: ({ draft, step }) => moveInOrder(draft, { step, view: "states" }),
  duplicate: ({ draft, step, other, item, ids }) => duplicate(draft, { items: [step, other, item], ids }),
  paste: ({ draft, step, port, ids }) =>
    paste(draft, { text: copy(draft, [step]), at: { x: 9, y: 9 }, after: port, ids }),
  move: ({ draft, step, item }) =>
    move(draft, { positions: [step, item].map((item, i) => ({ item, to: { x: i, y: 5 } })) }),
  align: ({ draft, step, other }) => align(draft, { boxes: [boxOf(step, 3), boxOf(other, 9)], to: "left" }),
  spread: ({ draft, step, other, item }) =>
    align(draft, { boxes: [boxOf(step, 3), boxOf(other, 90), boxOf(item, 700)], to: "across" }),
  addNote: ({ draft, ids, word }) => addNote(draft, { id: ids(), text: word, at: { x: 0, y: 0 }, now: 0 }),
  resolveNotes: ({ draft }) => {
    const note = draft.layout.notes?.[0];
    return resolveNotes(draft, { ids: [note?.id ?? ""], resolved: note?.resolved !== true });
  },
  setNote: ({ draft, word }) => setNote(draft, { id: draft.layout.notes?.[0]?.id ?? "", text: word }),
  sizeNote: ({ draft, word }) =>
    setNote(draft, { id: draft.layout.notes?.at(-1)?.id ?? "", width: 200 + word.length, height: 90 }),
  group: ({ draft, ids, step, other }) => group(draft, { id: ids(), steps: [step, other] }),
  setGroup: ({ draft, word, step }) =>
    setGroup(draft, { id: draft.layout.groups?.[0]?.id ?? "", title: word, steps: [step] }),
  ungroup: ({ draft }) => ungroup(draft, { ids: draft.layout.groups?.map(({ id }) => id) ?? [] }),
  removeItem: ({ draft, item }) => remove(draft, { items: [item] }),
  setSetting: ({ draft, word }) => setSetting(draft, { key: "title", value: word }),
  setLook: ({ draft, word }) => setSetting(draft, word === "" ? LOOK : { ...LOOK, value: { greeting: word } }),
  fix: ({ draft, word }) => {
    const fixes = check(draft.flow).flatMap(({ fix }) => fix ?? []);
    const fix = fixes[word.length % Math.max(1, fixes.length)];
    return fix ? applyFix(draft, { fix }) : { changes: [] };
  },
} satisfies { readonly [kind: string]: (chosen: Chosen) => CommandResult };

const LOOK = { key: "appearance" } as const;
const boxOf = (step: string, x: number) => ({ step, x, y: x, width: 10, height: 10 });

const KINDS = Object.keys(GESTURES) as GestureKind[];

export const anyGesture: fc.Arbitrary<Gesture> = fc.record({
  kind: fc.constantFrom(...KINDS),
  a: fc.nat(40),
  b: fc.nat(40),
  word: fc.constantFrom(...TEXTS),
});

/** Makes a gesture on a draft; in the States view when `a` is odd. */
export function perform(draft: Draft, { kind, a, b, word }: Gesture, ids: () => string): CommandResult {
  const { steps } = a % 5 === 0 ? readStates(draft) : readSteps(draft);
  const step = steps[a % Math.max(1, steps.length)];
  const other = steps[b % Math.max(1, steps.length)];
  const portAt = (i: number) => step?.ports[i % Math.max(1, step.ports.length)]?.id ?? "then";
  const id = step?.id ?? "";
  const note = draft.layout.notes?.[b % (draft.layout.notes.length || 1)];
  return GESTURES[kind]({
    draft,
    step: id,
    other: other?.id ?? "",
    port: { step: id, port: portAt(b) },
    next: { step: id, port: portAt(b + 1) },
    item: note ? itemKey("note", note.id) : id,
    word,
    ids,
  });
}
