import { BLANK } from "@parley/shared/flow/blank";
import { describe, expect, it } from "vitest";
import { addMessage } from "../document/commands/add.js";
import { setText } from "../document/commands/text.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { NEW_TITLE } from "../document/first-title.js";
import { FakeClock, FakeServer, fakeStorage, openEditor, settled } from "../testing/fake-server.js";
import type { SaveOutcome } from "./autosave.js";
import type { Editor, EditorOptions } from "./store.js";

const say = (content: string, next?: string) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });
/** Names that were given by hand, and some that follow. */
const FLOW: FlowJson = { first: say("Hello", "last"), last: say("Bye") };
const FOLLOWING: FlowJson = { hello: say("Hello", "bye"), bye: say("Bye") };
const draftOf = (flow: FlowJson): Draft => ({ flow, layout: {}, settings: {} });
const textOf = (draft: Draft, step: string): unknown =>
  (draft.flow[step] as { sendRequest: { content: string } } | undefined)?.sendRequest.content;

function open(options: Partial<EditorOptions> = {}) {
  const server = new FakeServer(draftOf(FLOW));
  const clock = new FakeClock();
  const storage = fakeStorage();
  const editor = openEditor(server, clock, { storage, ...options });
  return { server, clock, storage, editor, state: editor.getState };
}
function type({ getState }: Editor, step: string, text: string): void {
  getState().run(setText(getState().draft, { step, field: "text", text }), "Edit the text", `text ${step}`);
}

describe("autosave", () => {
  it("saves a moment after the last change, and says honestly how it is", async () => {
    const { editor, state, server, clock } = open();
    expect(state().save).toBe("saved");
    type(editor, "last", "B");
    expect(state().save).toBe("saving");
    await clock.pass(400);
    type(editor, "last", "By");
    await clock.pass(400);
    expect(server.requests).toBe(0);
    await clock.pass(100);
    expect(server.requests).toBe(1);
    expect(textOf(server.saved.draft, "last")).toBe("By");
    expect(state().save).toBe("saved");
    await clock.pass(60_000);
    expect(server.requests).toBe(1);
    expect(clock.waiting).toBe(0);
  });

  it("does not wait for somebody who never stops typing", async () => {
    const { editor, server, clock } = open();
    for (let i = 0; i < 35; i++) {
      type(editor, "last", `${i}`);
      await clock.pass(100);
    }
    expect(server.requests).toBe(1);
  });

  it("has one request at a time; what is changed meanwhile is saved next", async () => {
    const { editor, state, server, clock } = open();
    let answer: (outcome: SaveOutcome) => void = () => {};
    server.answers.push((saved, etag) => new Promise((resolve) => (answer = () => resolve(server.keep(saved, etag)))));
    type(editor, "last", "1");
    await clock.pass(500);
    type(editor, "last", "2");
    await clock.pass(5000);
    expect(server.requests).toBe(1);
    answer({ kind: "offline" });
    await settled();
    expect(textOf(server.saved.draft, "last")).toBe("1");
    expect(state().save).toBe("saving");
    await clock.pass(500);
    expect(textOf(server.saved.draft, "last")).toBe("2");
    expect(state().save).toBe("saved");
  });

  it("without an answer it keeps the changes on this machine and tries again, ever more slowly", async () => {
    const { editor, state, server, clock, storage } = open();
    server.answers.push(...Array.from({ length: 4 }, () => (): SaveOutcome => ({ kind: "offline" })));
    type(editor, "last", "1");
    await clock.pass(500);
    expect(state().save).toBe("offline");
    expect(storage.kept.size).toBe(1);
    type(editor, "last", "2");
    expect(state().save).toBe("offline");
    await clock.pass(1000 + 2000 + 4000);
    expect(server.requests).toBe(4);
    await clock.pass(7999);
    expect(server.requests).toBe(4);
    await clock.pass(1);
    expect(textOf(server.saved.draft, "last")).toBe("2");
    expect(state().save).toBe("saved");
    expect(storage.kept.size).toBe(0);
  });

  it("what throws is no answer", async () => {
    const { editor, state, server, clock } = open();
    server.answers.push(() => Promise.reject(new Error("broken")));
    type(editor, "last", "1");
    await clock.pass(500);
    expect(state().save).toBe("offline");
  });

  it("what the server refuses is not tried again until it changes", async () => {
    const { editor, state, server, clock } = open();
    server.answers.push(() => ({ kind: "refused", message: "The flow is too large." }));
    type(editor, "last", "1");
    await clock.pass(60_000);
    expect(server.requests).toBe(1);
    expect(state()).toMatchObject({ save: "error", saveError: "The flow is too large." });
    type(editor, "last", "2");
    await clock.pass(500);
    expect(state()).toMatchObject({ save: "saved", saveError: undefined });
  });

  it("what the server cannot store now is kept, told of, and tried again by itself", async () => {
    const { editor, state, server, clock, storage } = open();
    server.answers.push(() => ({ kind: "refused", message: "The disk is nearly full.", later: true }));
    type(editor, "last", "1");
    await clock.pass(500);
    expect(state()).toMatchObject({ save: "error", saveError: "The disk is nearly full." });
    expect(storage.kept.size).toBe(1);
    await clock.pass(30_000);
    expect(state()).toMatchObject({ save: "saved", saveError: undefined });
    expect(textOf(server.saved.draft, "last")).toBe("1");
    expect(server.requests).toBe(2);
  });

  it("a draft survives a closed tab, and comes back as one step of undo", async () => {
    const { editor, server, clock, storage } = open();
    type(editor, "last", "Kept");
    editor.getState().dispose();
    await clock.pass(60_000);
    expect(server.requests).toBe(0);
    const again = openEditor(server, clock, { storage });
    expect(textOf(again.getState().draft, "last")).toBe("Kept");
    expect(again.getState()).toMatchObject({ save: "saving", undoLabel: "Unsaved changes" });
    await clock.pass(500);
    expect(textOf(server.saved.draft, "last")).toBe("Kept");
    expect(storage.kept.size).toBe(0);
    again.getState().undo();
    expect(again.getState().draft.flow).toEqual(FLOW);
  });

  it("comes back onto what somebody else saved meanwhile", async () => {
    const { editor, server, clock, storage } = open();
    type(editor, "last", "Kept");
    editor.getState().dispose();
    server.put(draftOf({ first: say("Hi", "last"), last: say("Bye") }));
    const again = openEditor(server, clock, { storage });
    expect(again.getState().draft.flow).toEqual({ first: say("Hi", "last"), last: say("Kept") });
    await clock.pass(500);
    expect(server.saved.draft.flow).toEqual({ first: say("Hi", "last"), last: say("Kept") });
  });

  it("what is on this machine and cannot be read is thrown away", () => {
    const unsaved = { base: draftOf({}), changes: [{ kind: "set" }] };
    for (const kept of [
      "{",
      "[]",
      { at: 0 },
      { at: 0, left: true, unsaved: { base: 1 } },
      { at: 0, left: true, unsaved },
    ]) {
      const { server, clock, storage } = open();
      storage.kept.set("parley.unsaved.flow/tab", typeof kept === "string" ? kept : JSON.stringify(kept));
      const again = openEditor(server, clock, { storage });
      expect(again.getState()).toMatchObject({ draft: draftOf(FLOW), save: "saved", canUndo: false });
      expect(storage.kept.size).toBe(0);
    }
  });

  it("each tab keeps its own, and takes over only from one that is closed", async () => {
    const { editor, server, clock, storage } = open({ ids: () => "tab1" });
    server.answers.push(
      () => ({ kind: "offline" }),
      () => ({ kind: "offline" }),
    );
    type(editor, "last", "1");
    await clock.pass(500);
    const second = openEditor(server, clock, { storage, ids: () => "tab2" });
    expect(second.getState()).toMatchObject({ save: "saved", canUndo: false });
    type(second, "first", "2");
    second.getState().dispose();
    expect([...storage.kept.keys()]).toEqual(["parley.unsaved.flow/tab1", "parley.unsaved.flow/tab2"]);
    // The first tab saves, and takes nothing of the second away.
    await clock.pass(5000);
    expect(editor.getState().save).toBe("saved");
    expect([...storage.kept.keys()]).toEqual(["parley.unsaved.flow/tab2"]);
    const third = openEditor(server, clock, { storage, ids: () => "tab3" });
    expect(third.getState().draft.flow).toEqual({ first: say("2", "last"), last: say("1") });
    expect([...storage.kept.keys()]).toEqual(["parley.unsaved.flow/tab3"]);
  });

  it("a tab that was not closed properly is one after two minutes", async () => {
    const { editor, server, clock, storage } = open();
    server.answers.push(() => new Promise(() => {}));
    type(editor, "last", "1");
    void editor.getState().flush();
    await clock.pass(119_999);
    expect(openEditor(new FakeServer(draftOf(FLOW)), clock, { storage }).getState().canUndo).toBe(false);
    await clock.pass(1);
    expect(openEditor(new FakeServer(draftOf(FLOW)), clock, { storage }).getState().canUndo).toBe(true);
    expect(server.requests).toBe(1);
  });

  it("what a page left is taken over at once, also when its last save failed while it went", async () => {
    const { editor, server, clock, storage } = open();
    server.answers.push(() => ({ kind: "offline" }));
    type(editor, "last", "1");
    editor.getState().leave();
    await settled();
    expect(editor.getState().save).toBe("offline");
    const next = () => openEditor(new FakeServer(draftOf(FLOW)), clock, { storage, ids: () => "next" }).getState();
    // One who stays and goes on keeps it.
    type(editor, "last", "12");
    expect(next().canUndo).toBe(false);
    server.answers.push(() => ({ kind: "offline" }));
    editor.getState().leave();
    await settled();
    expect(textOf(next().draft, "last")).toBe("12");
  });

  it("a save whose answer was lost is no conflict", async () => {
    const { editor, state, server, clock } = open();
    server.answers.push((saved, etag) => {
      server.keep(saved, etag);
      return { kind: "offline" };
    });
    state().run(addMessage(state().draft, { text: "More" }), "Add a message");
    await clock.pass(500);
    expect(state().save).toBe("offline");
    type(editor, "last", "x");
    await clock.pass(1000);
    expect(state()).toMatchObject({ save: "saved", conflicts: [] });
    expect(server.saved.draft.flow).toEqual({ ...FLOW, last: say("x"), more: say("More") });
  });

  it("flush saves at once, and on dispose the answer still counts", async () => {
    const { editor, server, storage } = open();
    type(editor, "last", "Now");
    const flushed = editor.getState().flush();
    editor.getState().dispose();
    expect(storage.kept.size).toBe(1);
    await flushed;
    expect(textOf(server.saved.draft, "last")).toBe("Now");
    expect(storage.kept.size).toBe(0);
  });
});

describe("two editors", () => {
  function both(flow = FOLLOWING) {
    const server = new FakeServer(draftOf(flow));
    const clock = new FakeClock();
    return { server, clock, a: openEditor(server, clock), b: openEditor(server, clock) };
  }

  it("typing into two messages for ten seconds see no conflict and lose no character", async () => {
    const { server, clock, a, b } = both();
    for (let i = 0; i < 100; i++) {
      type(a, a.getState().steps.steps[0]!.id, `A${"a".repeat(i)}`);
      await clock.pass(50);
      type(b, b.getState().steps.steps[1]!.id, `B${"b".repeat(i)}`);
      await clock.pass(50);
    }
    a.getState().settle();
    b.getState().settle();
    await clock.pass(5000);
    // The one who saved last has told nobody; the other takes it over with its next save.
    a.getState().takeNewer(server.saved, server.etag);
    b.getState().takeNewer(server.saved, server.etag);
    await clock.pass(5000);
    for (const { getState } of [a, b]) {
      expect(getState()).toMatchObject({ save: "saved", conflicts: [] });
      expect(getState().steps.steps.map(({ text }) => text)).toEqual([`A${"a".repeat(99)}`, `B${"b".repeat(99)}`]);
      expect(getState().draft).toEqual(server.saved.draft);
    }
  });

  it("name the flow by its first text only while nobody else names it, and ask nothing", async () => {
    const server = new FakeServer({ flow: BLANK, layout: {}, settings: { title: NEW_TITLE } });
    const clock = new FakeClock();
    const a = openEditor(server, clock);
    const b = openEditor(server, clock);
    const write = (text: string) => a.getState().write({ step: "hello", field: "text" }, text);
    b.getState().run({ changes: [{ kind: "setting", key: "title", value: "Mill" }] }, "Rename the flow");
    await b.getState().flush();
    write("Hi");
    write("Hi there");
    expect(a.getState().draft.settings.title).toBe("Hi there");
    await a.getState().flush();
    const theirs = { save: "saved", conflicts: [], draft: { settings: { title: "Mill" } } };
    expect(a.getState()).toMatchObject(theirs);
    write("Hi there, you");
    a.getState().undo();
    await a.getState().flush();
    expect(a.getState()).toMatchObject({ ...theirs, draft: { ...theirs.draft, flow: BLANK } });
    expect(server.saved.draft.settings.title).toBe("Mill");
  });

  it("into the same message see one choice, and nothing is lost", async () => {
    const { server, clock, a, b } = both();
    for (let i = 0; i < 20; i++) {
      type(a, a.getState().steps.steps[1]!.id, `A${i}`);
      type(b, b.getState().steps.steps[1]!.id, `B${i}`);
      await clock.pass(30);
    }
    a.getState().settle();
    b.getState().settle();
    await clock.pass(5000);
    const conflicts = [a, b].flatMap(({ getState }) => getState().conflicts);
    expect(conflicts).toMatchObject([{ kind: "field", theirs: "A19", mine: "B19" }]);
    const loser = b.getState();
    expect(loser.save).toBe("conflict");
    loser.resolve(conflicts[0]!, "mine");
    await clock.pass(5000);
    expect(b.getState()).toMatchObject({ save: "saved", conflicts: [] });
    expect(server.saved.draft).toEqual(b.getState().draft);
    expect(b.getState().steps.steps[1]!.text).toBe("B19");
    b.getState().undo();
    expect(b.getState().steps.steps[1]!.text).toBe("A19");
  });

  it("theirs can be taken, and undo leaves what they wrote", async () => {
    const { clock, a, b } = both(FLOW);
    type(a, "last", "Mine");
    await clock.pass(500);
    type(b, "last", "Theirs");
    type(b, "first", "B");
    await clock.pass(500);
    const [conflict] = b.getState().conflicts;
    b.getState().resolve(conflict!, "theirs");
    expect(b.getState()).toMatchObject({ conflicts: [], save: "saved" });
    expect(textOf(b.getState().draft, "last")).toBe("Mine");
    while (b.getState().canUndo) b.getState().undo();
    expect(b.getState().draft.flow).toEqual({ ...FLOW, last: say("Mine") });
  });

  it("keep the selection on a step that the other renamed", async () => {
    const { clock, server, a, b } = both(FLOW);
    b.getState().select(["last"]);
    a.getState().run({ changes: [{ kind: "renameState", from: "last", to: "farewell" }] }, "Rename");
    await clock.pass(500);
    b.getState().takeNewer(server.saved, server.etag);
    expect(b.getState().selection).toEqual(["farewell"]);
    expect(b.getState()).toMatchObject({ canUndo: false, save: "saved" });
  });
});
