import { describe, expect, it } from "vitest";
import type { Desk } from "../app/editor/desk.js";
import { createEditor } from "../editor/store.js";
import { MOVE_ACTIONS } from "./move-actions.js";

const say = (content: string) => ({ sendRequest: { kind: "BotText", content } });

function deskOf(selected: string) {
  const editor = createEditor({
    flowId: "f",
    draft: { flow: { a: say("A"), b: say("B"), c: say("C") }, layout: {}, settings: {} },
    etag: "1",
    save: async () => ({ kind: "saved", etag: "2" }),
    now: () => 0,
    ids: () => "id",
    published: new Set(),
    timer: () => () => {},
  });
  editor.getState().select([selected]);
  const desk = { editor } as Pick<Desk, "editor"> as Desk;
  const [earlier, later] = MOVE_ACTIONS;
  return {
    up: () => earlier!.run(desk),
    down: () => later!.run(desk),
    can: () => [earlier!.enabled!(desk), later!.enabled!(desk)],
    order: () => Object.keys(editor.getState().draft.flow).join(""),
    undo: () => editor.getState().undo(),
  };
}

describe("moving a step in the file", () => {
  it("goes up to the start and down to the end, and no further", () => {
    const desk = deskOf("b");
    desk.up();
    expect(desk.order()).toBe("bac");
    expect(desk.can()).toEqual([false, true]);
    desk.up();
    expect(desk.order()).toBe("bac");
    desk.down();
    desk.down();
    expect(desk.order()).toBe("acb");
    expect(desk.can()).toEqual([true, false]);
  });

  it("key by key is one undo", () => {
    const desk = deskOf("c");
    desk.up();
    desk.up();
    expect(desk.order()).toBe("cab");
    desk.undo();
    expect(desk.order()).toBe("abc");
  });
});
