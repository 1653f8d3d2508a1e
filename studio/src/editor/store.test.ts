import { BLANK } from "@parley/shared/flow/blank";
import { describe, expect, it } from "vitest";
import { paste } from "../document/clipboard.js";
import { addMessage, addQuestion } from "../document/commands/add.js";
import { addNote, move } from "../document/commands/drawing.js";
import { applyFix } from "../document/commands/fix.js";
import { remove } from "../document/commands/remove.js";
import { renameState } from "../document/commands/rename.js";
import { setText } from "../document/commands/text.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { NEW_TITLE } from "../document/first-title.js";
import { FakeClock, FakeServer, fakeStorage, openEditor, settled } from "../testing/fake-server.js";
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

  it("a name still follows what was typed when its step was deleted meanwhile and is back", () => {
    const { state, clock } = open({ message: say("", "bye"), bye: say("Bye") });
    type(state, "message", "One");
    state().run(remove(state().draft, { items: ["message"] }), "Delete");
    clock.time += 5000;
    state().undo();
    type(state, "bye", "Bye then");
    state().select([]);
    expect(Object.keys(state().draft.flow)).toEqual(["one", "byeThen"]);
  });

  it("a new step of the same name does not inherit what was typed in the one that was deleted", () => {
    const { state } = open({ hello: say("Hello"), bye: say("Bye") });
    type(state, "hello", "Hello you");
    state().run(remove(state().draft, { items: ["hello"] }), "Delete");
    state().setText("", { bye: say("Bye"), hello: say("Never that") });
    type(state, "hello", "Hello all");
    state().select([]);
    // A name that was given by hand stays.
    expect(Object.keys(state().draft.flow)).toEqual(["bye", "hello"]);
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

  describe("of a blank flow that nobody has named", () => {
    const blank = (title = NEW_TITLE) => {
      const server = new FakeServer({ flow: BLANK, layout: {}, settings: { title } });
      const clock = new FakeClock();
      const { getState: state } = openEditor(server, clock);
      const write = (text: string, step = "hello") => {
        clock.time += 100;
        state().write({ step, field: "text" }, text);
      };
      return { clock, state, write, title: () => state().draft.settings.title };
    };

    it("the title is what is written first, while it is written; one undo takes both back", () => {
      const { state, write, title } = blank();
      for (const text of ["W", "Welcome to", "", "Welcome to the <b>mill</b>. What brings you here?"]) write(text);
      expect(title()).toBe("Welcome to the mill.");
      state().undo();
      expect(state()).toMatchObject({ draft: { flow: BLANK, settings: { title: NEW_TITLE } }, canUndo: false });
      state().redo();
      expect(title()).toBe("Welcome to the mill.");
      state().undo();
      write("Hi");
      expect(title()).toBe("Hi");
    });

    it("it goes along with an undo in the middle, and stays when the text is left", () => {
      const { clock, state, write, title } = blank();
      write("Hi");
      clock.time += 5000;
      write("Hi there");
      state().undo();
      write("Hi you");
      expect(title()).toBe("Hi you");
      state().left();
      write("Hello");
      expect(title()).toBe("Hi you");
    });

    it("it stays when another text is written, and where somebody named the flow, even so", () => {
      const { state, write, title } = blank();
      write("Hi");
      const rename = (value: string) =>
        state().run({ changes: [{ kind: "setting", key: "title", value }] }, "Rename the flow");
      state().run(addMessage(state().draft, {}), "Add a step");
      write("Bye", "message");
      expect(title()).toBe("Hi");
      write("Hi all");
      expect(title()).toBe("Hi");

      const named = blank("Mill");
      named.write("Hi");
      expect(named.title()).toBe("Mill");

      const meant = blank("Mill");
      meant.state().run({ changes: [{ kind: "setting", key: "title", value: NEW_TITLE }] }, "Rename the flow");
      meant.write("Hi");
      expect(meant.title()).toBe(NEW_TITLE);

      rename("Mill");
      write("Hello");
      expect(title()).toBe("Mill");
    });
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

  it("a large flow is checked when the hand rests, once for all that was done", () => {
    const flow = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`s${i}`, say(`Step ${i}`, `s${i + 1}`)]));
    const waiting: (() => void)[] = [];
    const { state } = open({ ...flow, s600: say("End") }, { later: (run) => waiting.push(run) });
    expect(state().findings).toEqual([]);
    type(state, "s1", "");
    type(state, "s2", "");
    expect(state().findings).toEqual([]);
    waiting.at(-1)!();
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

  it("that is discarded is back by undo, and away again by redo", async () => {
    const { state, server, clock } = open();
    type(state, "bye", "x");
    state().setText("{oops");
    state().discardText();
    expect(state()).toMatchObject({ text: undefined, undoLabel: "Discard the text", canUndo: true });
    state().undo();
    expect(state()).toMatchObject({ text: "{oops", redoLabel: "Discard the text" });
    await clock.pass(1000);
    expect(server.saved.text).toBe("{oops");
    state().redo();
    expect(state().text).toBeUndefined();
    await clock.pass(1000);
    expect(server.saved.text).toBeUndefined();
    // Then what was done before it.
    state().undo();
    state().setText(JSON.stringify(state().draft.flow), state().draft.flow);
    state().undo();
    expect(state().draft.flow).toEqual(FLOW);
  });

  it("comes back with the draft that was replaced", () => {
    const { state } = open();
    state().setText("{oops");
    state().replace(draftOf({ a: say("A") }), "Restore");
    expect(state().text).toBeUndefined();
    state().undo();
    expect(state()).toMatchObject({ text: "{oops", draft: { flow: FLOW } });
  });

  it("that was discarded can still be had back after somebody else saved", () => {
    const { state } = open();
    state().setText("{oops");
    state().discardText();
    state().takeNewer({ draft: draftOf({ ...FLOW, more: say("More") }) }, '"7"');
    expect(Object.keys(state().draft.flow)).toEqual(["hello", "bye", "more"]);
    state().undo();
    expect(state().text).toBe("{oops");
  });

  it("is there again when the flow is opened", () => {
    const server = new FakeServer(draftOf(FLOW));
    server.saved = { draft: draftOf(FLOW), text: "{" };
    expect(openEditor(server, new FakeClock()).getState().text).toBe("{");
  });
});

describe("a choice that is open", () => {
  const THEIRS = draftOf({ ...FLOW, hello: say("Theirs", "bye") });

  async function conflicting(options: Partial<EditorOptions> = {}) {
    const opened = open(FLOW, options);
    const { state, server, clock } = opened;
    type(state, "hello", "Mine");
    server.put(THEIRS);
    await clock.pass(1000);
    expect(state().conflicts).toHaveLength(1);
    return opened;
  }

  it("goes on being typed beside theirs, which stays in the draft and is saved by nobody again", async () => {
    const { state, server, clock } = await conflicting();
    state().writeMine(state().conflicts[0]!, "Mine and more");
    expect(state().conflicts).toMatchObject([{ mine: "Mine and more" }]);
    expect(state().draft.flow.hello).toEqual(say("Theirs", "bye"));
    const { requests } = server;
    await clock.pass(5000);
    expect(server.requests).toBe(requests);
    state().resolve(state().conflicts[0]!, "mine");
    await clock.pass(1000);
    expect(Object.values(server.saved.draft.flow)[0]).toEqual(say("Mine and more", "bye"));
    expect(state()).toMatchObject({ conflicts: [], save: "saved" });
  });

  it("is about the same step when that has another name, here or elsewhere", async () => {
    const { state, server, clock } = await conflicting();
    state().run(renameState(state().draft, { state: "hello", to: "start" }), "Rename");
    expect(state().conflicts[0]).toMatchObject({ place: ["start", "sendRequest", "content"] });
    await clock.pass(1000);
    const { start, ...others } = server.saved.draft.flow;
    server.put(draftOf({ begin: start!, ...others }));
    state().takeNewer(server.saved, server.etag);
    expect(state().conflicts[0]).toMatchObject({ place: ["begin", "sendRequest", "content"] });
    state().resolve(state().conflicts[0]!, "mine");
    expect(state().draft.flow.begin).toEqual(say("Mine", "bye"));
  });

  it("is there again after the tab was closed, by the names of then, until one has chosen", async () => {
    const storage = fakeStorage();
    const { state, server, clock } = await conflicting({ storage });
    state().writeMine(state().conflicts[0]!, "Mine and more");
    state().dispose();
    const { hello, ...others } = server.saved.draft.flow;
    server.put(draftOf({ start: hello!, ...others }));
    const again = openEditor(server, clock, { storage, ids: () => "again" }).getState;
    expect(again().conflicts).toMatchObject([{ mine: "Mine and more", place: ["start", "sendRequest", "content"] }]);
    again().resolve(again().conflicts[0]!, "theirs");
    again().dispose();
    expect(storage.kept.size).toBe(0);
  });

  it("what was read before one's own save ended is not taken for newer", async () => {
    const { state, server, clock } = open();
    const old = { newer: server.saved, etag: server.etag };
    const reads: (() => void)[] = [];
    const reading = state().readNewer(async () => {
      if (reads.length === 0) await new Promise<void>((resolve) => reads.push(resolve));
      else return { newer: server.saved, etag: server.etag };
      return old;
    });
    await settled();
    type(state, "hello", "Hello you");
    await clock.pass(1000);
    expect(server.saved.draft.flow.hello).toEqual(say("Hello you", "bye"));
    reads[0]!();
    await reading;
    expect(state().draft.flow.hello).toEqual(say("Hello you", "bye"));
    expect(state().conflicts).toEqual([]);
  });
});
