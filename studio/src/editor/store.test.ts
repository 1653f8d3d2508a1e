import { describe, expect, it } from "vitest";
import { paste } from "../document/clipboard.js";
import { addMessage, addQuestion } from "../document/commands/add.js";
import { addNote, move } from "../document/commands/drawing.js";
import { applyFix } from "../document/commands/fix.js";
import { remove } from "../document/commands/remove.js";
import { setText } from "../document/commands/text.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { FakeClock, FakeServer, openEditor, settled } from "../testing/fake-server.js";
import type { EditorOptions, EditorState } from "./store.js";

const say = (content: string, next?: string) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });
const FLOW: FlowJson = { hello: say("Hello", "bye"), bye: say("Bye") };
const draftOf = (flow: FlowJson): Draft => ({ flow, layout: {}, settings: {} });

function open(flow: FlowJson = FLOW, options: Partial<EditorOptions> = {}) {
  const server = new FakeServer(draftOf(flow));
  const clock = new FakeClock();
  const editor = openEditor(server, clock, options);
  return { server, clock, editor, state: editor.getState };
}
const type = (state: () => EditorState, step: string, text: string) =>
  state().run(setText(state().draft, { step, field: "text", text }), "Edit the text", `text ${step}`);

describe("editor", () => {
  it("a command changes draft, steps, findings and selection in one update", () => {
    const { editor, state } = open();
    const seen: string[] = [];
    editor.subscribe(({ draft, steps, selection }) => {
      seen.push(`${Object.keys(draft.flow).length} ${steps.steps.length} ${selection}`);
    });
    state().run(addMessage(state().draft, { after: { step: "hello", port: "then" } }), "Add a message");
    expect(seen[0]).toBe("3 3 message");
    expect(state().findings.map(({ code }) => code)).toEqual(["empty-text", "unreachable"]);
    expect(state().focus).toEqual({ step: "message", field: "text" });
    state().focused();
    expect(state().focus).toBeUndefined();
    expect(state()).toMatchObject({ canUndo: true, undoLabel: "Add a message", canRedo: false });
  });

  it("undo and redo select what they were about", () => {
    const { state } = open();
    state().select(["hello"]);
    state().run(remove(state().draft, { items: ["bye"] }), "Delete");
    expect(state().selection).toEqual([]);
    state().undo();
    expect(state().draft.flow).toEqual(FLOW);
    expect(state().selection).toEqual(["bye"]);
    expect(state()).toMatchObject({ canUndo: false, redoLabel: "Delete" });
    state().redo();
    expect(Object.keys(state().draft.flow)).toEqual(["hello"]);
  });

  it("what cannot be done changes nothing and says why", () => {
    const { state } = open();
    state().run(remove(state().draft, { items: ["gone"] }), "Delete");
    expect(state()).toMatchObject({ says: "Nothing here can be deleted.", canUndo: false, save: "saved" });
    state().run({ changes: [], select: ["bye"], focus: { step: "bye", field: "text" } }, "Edit");
    expect(state()).toMatchObject({ selection: ["bye"], focus: { step: "bye" }, says: undefined, canUndo: false });
  });

  it("a burst of typing is one step of undo; names follow when the step is left", () => {
    const { state, clock } = open();
    state().run(addMessage(state().draft, { after: { step: "bye", port: "then" } }), "Add a message");
    for (const text of ["S", "Se", "See you"]) {
      clock.time += 100;
      type(state, "message", text);
    }
    expect(Object.keys(state().draft.flow)).toEqual(["hello", "bye", "message"]);
    state().select(["hello"]);
    expect(Object.keys(state().draft.flow)).toEqual(["hello", "bye", "seeYou"]);
    expect(state().draft.flow.bye).toEqual(say("Bye", "seeYou"));
    expect(state().selection).toEqual(["hello"]);
    state().undo();
    expect(state().draft.flow.message).toEqual(say(""));
    expect(state().selection).toEqual(["message"]);
  });

  it("names follow while the next step is added, and on being told that the step is left", () => {
    const { state } = open({ message: say("") });
    type(state, "message", "One");
    state().run(addMessage(state().draft, { after: { step: "message", port: "then" } }), "Add a message");
    expect(state().draft.flow).toEqual({ one: say("One", "message2"), message2: say("") });
    type(state, "message2", "Two");
    state().settle();
    expect(Object.keys(state().draft.flow)).toEqual(["one", "two"]);
    expect(state().selection).toEqual(["two"]);
  });

  it("after an undo names wait, so that redo is still there", () => {
    const { state, clock } = open({ message: say(""), bye: say("Bye") });
    type(state, "message", "One");
    clock.time += 5000;
    type(state, "message", "One two");
    state().undo();
    state().select(["bye"]);
    expect(state().canRedo).toBe(true);
    expect(Object.keys(state().draft.flow)).toEqual(["message", "bye"]);
    state().redo();
    type(state, "bye", "Good bye");
    state().select([]);
    expect(Object.keys(state().draft.flow)).toEqual(["oneTwo", "goodBye"]);
  });

  it("a published name stays", () => {
    const { state } = open({ message: say("") }, { published: new Set(["message"]) });
    type(state, "message", "One");
    state().settle();
    expect(Object.keys(state().draft.flow)).toEqual(["message"]);
    state().setPublished(new Set());
    type(state, "message", "Two");
    state().settle();
    expect(Object.keys(state().draft.flow)).toEqual(["two"]);
  });

  it("the selection goes along when a view shows its states differently", () => {
    const { state } = open({});
    state().run(addQuestion(state().draft, { text: "Which?", answers: ["Go"] }), "Add a question");
    state().setView("states");
    expect(state().steps.steps.map(({ id }) => id)).toEqual(["which", "whichGo"]);
    state().select(["whichGo"]);
    state().setView("steps");
    expect(state().selection).toEqual(["which"]);
  });

  it("notes and steps are selected together, and gone ones are not selected", () => {
    const { state } = open();
    state().run(addNote(state().draft, { id: state().newId(), at: { x: 0, y: 0 }, now: state().now() }), "Add a note");
    expect(state().selection).toEqual(["note:id1"]);
    state().undo();
    expect(state().selection).toEqual([]);
    state().redo();
    expect(state().selection).toEqual(["note:id1"]);
  });

  it("moving a card leaves steps, findings and selection as they are, the same objects", () => {
    const { state } = open();
    state().select(["hello"]);
    const before = state();
    state().run(move(state().draft, { positions: [{ item: "hello", to: { x: 1, y: 1 } }] }), "Move", "move");
    expect(state().steps).toBe(before.steps);
    expect(state().findings).toBe(before.findings);
    expect(state().selection).toBe(before.selection);
  });

  it("a large flow is checked after the frame, once for all that was done", () => {
    const flow = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`s${i}`, say(`Step ${i}`, `s${i + 1}`)]));
    const waiting: (() => void)[] = [];
    const { state } = open({ ...flow, s600: say("End") }, { later: (run) => waiting.push(run) });
    expect(state().findings).toEqual([]);
    type(state, "s1", "");
    type(state, "s2", "");
    expect(state().findings).toEqual([]);
    expect(waiting).toHaveLength(1);
    waiting[0]!();
    expect(state().findings.map(({ code }) => code)).toEqual(["empty-text", "empty-text"]);
  });

  it("a finding's fix is one step of undo", () => {
    const { state } = open({ hello: say("Hello", "byee"), bye: say("Bye") });
    const finding = state().findings.find(({ code }) => code === "next-missing")!;
    state().run(applyFix(state().draft, { fix: finding.fix! }), finding.fix!.label);
    expect(state().findings).toEqual([]);
    state().undo();
    expect(state().draft.flow.hello).toEqual(say("Hello", "byee"));
  });

  it("a paste is one step of undo", () => {
    const { state } = open();
    expect(paste(state().draft, { text: "{}", ids: state().newId }).refused).toBeDefined();
    state().replace(draftOf({ a: say("A") }), "Open a file");
    expect(Object.keys(state().draft.flow)).toEqual(["a"]);
    state().undo();
    expect(state().draft.flow).toEqual(FLOW);
  });
});

describe("the text of the JSON view", () => {
  it("that parses becomes the draft, in small changes; undo knows it", () => {
    const { state } = open();
    const flow = { hello: say("Hello", "bye"), bye: say("Good bye") };
    state().setText(JSON.stringify(flow), flow);
    expect(state().draft.flow).toEqual(flow);
    expect(state().draft.flow.hello).toBe(FLOW.hello);
    expect(state().undoLabel).toBe("Edit the file");
  });

  it("that does not is kept and saved, and everything else is read-only until it is corrected or discarded", async () => {
    const { state, server, clock } = open();
    state().setText('{"hello":');
    type(state, "bye", "x");
    expect(state().draft.flow).toEqual(FLOW);
    expect(state().says).toMatch(/cannot be read/);
    await clock.pass(1000);
    expect(server.saved).toEqual({ draft: draftOf(FLOW), text: '{"hello":' });
    expect(state().save).toBe("saved");
    state().discardText();
    await clock.pass(1000);
    expect(server.saved).toEqual({ draft: draftOf(FLOW) });
    type(state, "bye", "x");
    expect(state().draft.flow.bye).toEqual(say("x"));
    await settled();
  });

  it("is there again when the flow is opened", () => {
    const server = new FakeServer(draftOf(FLOW));
    server.saved = { draft: draftOf(FLOW), text: "{" };
    expect(openEditor(server, new FakeClock()).getState().text).toBe("{");
  });
});
