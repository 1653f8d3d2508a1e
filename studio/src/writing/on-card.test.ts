import { readScript } from "@parley/shared/script/read-script";
import { beforeEach, describe, expect, it } from "vitest";
import { createBench } from "../app/editor/bench.js";
import type { CanvasHandle, Desk } from "../app/editor/desk.js";
import type { TextRef } from "../document/commands/command.js";
import { createEditor } from "../editor/store.js";
import { caretOf } from "../inspector/caret.js";
import { editOnCard, goOn, keepOnCards, leaveCard } from "./on-card.js";

const { flow } = readScript("Hello\nSo?\n- Yes\n- No\n  Oh\n->\nName? [Yours]\nThanks");

let desk: Desk;
/** Where the canvas was asked to go. */
let shown: string[];
beforeEach(() => {
  shown = [];
  desk = deskOf(1);
});

function deskOf(zoom: number, mayWrite = true): Desk {
  const editor = createEditor({
    flowId: "f",
    draft: { flow, layout: {}, settings: {} },
    etag: "",
    save: async () => ({ kind: "saved", etag: "" }),
    now: () => 0,
    ids: () => "id",
    published: new Set(),
    timer: () => () => {},
  });
  const canvas: Partial<CanvasHandle> = {
    reveal: (item) => void shown.push(item),
    fit: ([item] = []) => void shown.push(`near ${item}`),
    place: () => ({ x: 0, y: 0 }),
    settled: (result) => result,
    toCanvas: ({ x, y }) => ({ x: x / zoom, y: y / zoom }),
  };
  const bench = createBench({ left: undefined, right: undefined, bottom: undefined, preview: undefined });
  return { editor, bench, canvas: { current: canvas as CanvasHandle }, mayWrite } as Partial<Desk> as Desk;
}

const onCard = (): TextRef | undefined => caretOf(desk.editor).getState().card;
const text = (step: string): TextRef => ({ step, field: "text" });
const answer = (step: string, port: string): TextRef => ({ step, field: "port", port });
const go = (at: TextRef, key: "Enter" | "Tab") => {
  keepOnCards(desk);
  expect(editOnCard(desk, at)).toBe(true);
  goOn(desk, desk.editor.getState().steps.byId.get(at.step)!, at, key);
  expect(desk.editor.getState().focus).toBeUndefined();
  return onCard();
};

describe("a text on its card", () => {
  it("takes its step in hand, and an answer its way out", () => {
    expect(editOnCard(desk, answer("so", "answer:no"))).toBe(true);
    expect(desk.editor.getState().selection).toEqual(["so"]);
    expect(desk.bench.getState().port).toEqual({ step: "so", port: "answer:no" });
    expect(shown).toEqual(["so"]);
  });

  it("is brought near where it is too small to write in", () => {
    desk = deskOf(0.3);
    editOnCard(desk, text("so"));
    expect(shown).toEqual(["near so"]);
  });

  it("is not edited where it cannot be changed, or is not seen", () => {
    expect(editOnCard(desk, text("gone"))).toBe(false);
    expect(editOnCard(desk, { step: "so", field: "prompt" })).toBe(false);
    expect(editOnCard(deskOf(1, false), text("so"))).toBe(false);
    desk.canvas.current = undefined;
    expect(editOnCard(desk, text("so"))).toBe(false);
    expect(onCard()).toBeUndefined();
  });

  it("is left alone by who has left another", () => {
    const first = text("hello");
    editOnCard(desk, first);
    const second = text("so");
    editOnCard(desk, second);
    leaveCard(desk, first);
    expect(onCard()).toBe(second);
    leaveCard(desk, second);
    expect(onCard()).toBeUndefined();
  });
});

it("goes on there with whatever is to be edited next, until a text of the panel is gone to", () => {
  keepOnCards(desk);
  const { run, focused } = desk.editor.getState();
  const ask = (at: TextRef) => run({ changes: [], focus: at }, "Edit");
  ask(text("so"));
  expect(onCard()).toBeUndefined();
  focused();
  editOnCard(desk, text("hello"));
  ask(text("so"));
  expect(onCard()).toEqual(text("so"));
  expect(desk.editor.getState().focus).toBeUndefined();
  caretOf(desk.editor).setState({ onCards: false });
  ask(text("thanks"));
  expect(desk.editor.getState().focus).toEqual(text("thanks"));
});

describe("going on", () => {
  it.each(["Enter", "Tab"] as const)("from a message leads to what follows, by %s", (key) => {
    expect(go(text("hello"), key)).toEqual(text("so"));
  });

  it("from the last message leads to a new one, and from that, without words, nowhere", () => {
    const made = go(text("thanks"), "Enter")!;
    expect(desk.editor.getState().steps.byId.get(made.step)).toMatchObject({ kind: "message", text: "" });
    expect(go(made, "Enter")).toEqual(made);
  });

  it("from the last message leads to its first answer, by Tab; from one without words nowhere", () => {
    expect(go(text("thanks"), "Tab")).toEqual(answer("thanks", "answer:answer"));
    expect(desk.editor.getState().steps.byId.get("thanks")).toMatchObject({ kind: "question", text: "Thanks" });
    const made = go(answer("thanks", "answer:answer"), "Tab")!;
    expect(desk.editor.getState().steps.byId.get(made.step)).toMatchObject({ kind: "message", text: "" });
    expect(go(made, "Tab")).toEqual(made);
  });

  it("from a question leads to a new answer; from an answer Enter makes the next, and Tab leads to what follows", () => {
    expect(go(text("so"), "Enter")).toEqual(answer("so", "answer:answer"));
    expect(go(answer("so", "answer:yes"), "Enter")).toEqual(answer("so", "answer:answer2"));
    expect(go(answer("so", "answer:no"), "Tab")).toEqual(text("oh"));
    const made = go(answer("so", "answer:yes"), "Tab")!;
    expect(desk.editor.getState().steps.byId.get(made.step)).toMatchObject({ kind: "message" });
  });

  it("from a text that is asked for leads to what follows any other, and by Tab to the placeholder first", () => {
    expect(go(text("name"), "Enter")).toEqual(text("thanks"));
    const placeholder: TextRef = { step: "name", field: "prompt" };
    expect(go(placeholder, "Enter")).toEqual(text("thanks"));
    expect(go(text("name"), "Tab")).toEqual(placeholder);
    expect(go(placeholder, "Tab")).toEqual(text("thanks"));
  });
});
