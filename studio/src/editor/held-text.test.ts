import { describe, expect, it } from "vitest";
import type { Draft, FlowJson } from "../document/draft.js";
import { FakeClock, FakeServer, fakeStorage, openEditor } from "../testing/fake-server.js";
import { atRest } from "./at-rest.js";

const say = (content: string, next?: string) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });
const textOf = (draft: Draft, step: string): unknown =>
  (draft.flow[step] as { sendRequest: { content: string } } | undefined)?.sendRequest.content;
const text = (step: string) => ({ step, field: "text" }) as const;

/** A flow of so many messages, one after the other. */
function messages(count: number): FlowJson {
  const flow: Record<string, FlowJson[string]> = {};
  for (let n = 0; n < count; n++) flow[`m${n}`] = say(`Text ${n}`, n + 1 < count ? `m${n + 1}` : undefined);
  return flow;
}

function open(states = 1200) {
  const server = new FakeServer({ flow: messages(states), layout: {}, settings: {} });
  const clock = new FakeClock();
  const storage = fakeStorage();
  const editor = openEditor(server, clock, { storage });
  /** What is in the document, without asking for what is typed. */
  const written = (step: string) => textOf(editor.drawn.getState().draft, step);
  return { server, clock, storage, editor, written };
}

describe("what is typed into a large flow", () => {
  it("is shown at once, and in the document four times a second, for whoever draws it", async () => {
    const { editor, clock, written } = open();
    let drawn = 0;
    editor.subscribe((now, before) => {
      if (now.draft !== before.draft) drawn += 1;
    });
    const { write } = editor.getState();
    for (const [n, typed] of ["T", "Ty", "Typ", "Type", "Typed"].entries()) {
      write(text("m1"), typed);
      expect(editor.held.getState().held).toEqual({ at: text("m1"), text: typed });
      if (n < 4) await clock.pass(60);
    }
    expect(drawn).toBe(0);
    await clock.pass(10);
    expect([drawn, written("m1"), editor.held.getState().held]).toEqual([1, "Typed", undefined]);
    expect(clock.waiting).toBe(1);
    editor.getState().undo();
    expect(written("m1")).toBe("Text 1");
  });

  it("of a small flow it is in the document with each letter", () => {
    const { editor, written } = open(20);
    editor.getState().write(text("m1"), "T");
    expect([written("m1"), editor.held.getState().held]).toEqual(["T", undefined]);
  });

  it("is in the document for whoever reads it, does something or types elsewhere", () => {
    const { editor, written } = open();
    const { write, undo, select } = editor.getState();
    write(text("m1"), "One");
    expect(written("m1")).toBe("Text 1");
    expect(textOf(editor.getState().draft, "m1")).toBe("One");
    write(text("m1"), "Two");
    select(["m5"]);
    expect(written("m1")).toBe("Two");
    write(text("m2"), "Three");
    write(text("m3"), "Four");
    expect([written("m2"), written("m3")]).toEqual(["Three", "Text 3"]);
    undo();
    expect([written("m2"), written("m3")]).toEqual(["Three", "Text 3"]);
  });

  it("is not written by what only asks how a button is drawn", () => {
    const { editor, written } = open();
    const { run } = editor.getState();
    editor.getState().write(text("m1"), "One");
    expect(editor.peek(() => textOf(editor.getState().draft, "m1"))).toBe("Text 1");
    expect(() =>
      editor.peek(() => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(written("m1")).toBe("Text 1");
    run({ changes: [] }, "Nothing");
    expect(written("m1")).toBe("One");
  });

  it("is checked when the hand rests, and not between two letters", async () => {
    const clock = new FakeClock();
    const server = new FakeServer({ flow: messages(1200), layout: {}, settings: {} });
    const editor = openEditor(server, clock, { later: atRest(clock.timer, clock.now) });
    let checks = 0;
    editor.subscribe((now, before) => {
      if (now.findings !== before.findings) checks += 1;
    });
    for (let n = 1; n <= 20; n++) {
      editor.getState().write(text("m1"), "x".repeat(n));
      await clock.pass(100);
    }
    expect(checks).toBe(0);
    await clock.pass(500);
    expect(checks).toBe(1);
  });

  it("asked for while it is being written, it is written once", () => {
    const { editor, written } = open();
    let heard = 0;
    editor.subscribe(() => {
      heard += 1;
      editor.getState();
    });
    editor.getState().write(text("m1"), "One");
    editor.getState();
    expect(written("m1")).toBe("One");
    const once = heard;
    editor.getState();
    expect(heard).toBe(once);
  });

  it("is saved before the page is left", async () => {
    const { editor, server } = open();
    const { write, leave } = editor.getState();
    write(text("m1"), "Left");
    leave();
    await editor.getState().flush();
    expect(textOf(server.saved.draft, "m1")).toBe("Left");
  });

  it.each([
    [
      "heard of while it is typed",
      async (editor: Opened, server: FakeServer) => {
        editor.getState().write(text("m1"), "Mine");
        editor.drawn.getState().takeNewer(server.saved, server.etag);
      },
    ],
    [
      "found when it is saved",
      async (editor: Opened) => {
        editor.getState().write(text("m9"), "Something else");
        const saving = editor.getState().flush();
        editor.drawn.getState().write(text("m1"), "Mine");
        await saving;
      },
    ],
  ])("is one's own beside what somebody else made of it: %s", async (_, happens) => {
    const { editor, server } = open();
    const { draft } = server.saved;
    server.keep({ draft: { ...draft, flow: { ...draft.flow, m1: say("Theirs", "m2") } } }, server.etag);
    await happens(editor, server);
    const { conflicts, draft: now } = editor.getState();
    expect(textOf(now, "m1")).toBe("Theirs");
    expect(conflicts).toMatchObject([{ mine: "Mine", theirs: "Theirs" }]);
  });
});

type Opened = ReturnType<typeof open>["editor"];
