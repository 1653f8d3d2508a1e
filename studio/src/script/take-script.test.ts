import { BLANK } from "@parley/shared/flow/blank";
import { beforeAll, expect, it, vi } from "vitest";
import { createBench } from "../app/editor/bench.js";
import type { Desk } from "../app/editor/desk.js";
import type { Draft } from "../document/draft.js";
import { NEW_TITLE } from "../document/first-title.js";
import { createEditor } from "../editor/store.js";
import { takeScript } from "./take-script.js";

beforeAll(() => void vi.stubGlobal("requestAnimationFrame", () => 0));

const SCRIPT = "Welcome to the mill!\nSo?\n- Yes";
const deskOf = (draft: Draft): Desk => {
  const editor = createEditor({
    flowId: "f",
    draft,
    etag: "",
    save: async () => ({ kind: "saved", etag: "" }),
    now: () => 0,
    ids: () => "id",
    published: new Set(),
    timer: () => () => {},
  });
  const bench = createBench({ left: undefined, right: undefined, bottom: undefined, preview: undefined });
  return { editor, bench, canvas: { current: undefined }, mayWrite: true } as Partial<Desk> as Desk;
};

it("takes a script as the flow, and names one that nobody has named: one undo", async () => {
  const before: Draft = { flow: BLANK, layout: {}, settings: { title: NEW_TITLE } };
  const { editor, ...desk } = deskOf(before);
  await takeScript({ editor, ...desk }, SCRIPT, undefined);
  const { draft, undo } = editor.getState();
  expect(Object.keys(draft.flow)).toEqual(["welcomeToTheMill", "so", "soYes"]);
  expect(draft.settings.title).toBe("Welcome to the mill!");
  undo();
  expect(editor.getState().draft).toEqual(before);
  expect(editor.getState().canUndo).toBe(false);
});

it.each<[string, Draft]>([
  ["that was named", { flow: BLANK, layout: {}, settings: { title: "Mill" } }],
  [
    "that says something already",
    { flow: { a: { sendRequest: { kind: "BotText", content: "A" } } }, layout: {}, settings: { title: NEW_TITLE } },
  ],
])("leaves the name of a flow %s", async (_what, before) => {
  const desk = deskOf(before);
  await takeScript(desk, SCRIPT, undefined);
  expect(desk.editor.getState().draft.settings).toEqual(before.settings);
});
