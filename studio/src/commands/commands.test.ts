import { describe, expect, it } from "vitest";
import type { Action } from "../app/editor/action.js";
import type { Desk } from "../app/editor/desk.js";
import { readSteps } from "../document/steps.js";
import { doable, fittingCommands } from "./commands.js";

const action = (id: string, label: string, more: Partial<Action> = {}): Action => ({
  id,
  label,
  group: "Edit",
  where: "steps",
  run: () => {},
  ...more,
});
const desk = {
  editor: { peek: (read) => read() },
  actions: [
    action("undo", "Undo", { keys: ["mod+z"], edits: true }),
    action("copy", "Copy", { shown: "mod+c" }),
    action("add", "Add: Message", { group: "Add", words: "new step", edits: true }),
    action("tidy", "Tidy up", { group: "Arrange", enabled: () => false }),
    action("commands", "All commands", { hidden: true }),
  ],
} as { actions: Desk["actions"]; editor: Pick<Desk["editor"], "peek"> } as Desk;
const graph = readSteps({
  flow: {
    hello: { sendRequest: { kind: "BotText", content: "Undo nothing" }, next: "café" },
    café: { sendRequest: { kind: "BotText", content: "Shall we?" } },
  },
  layout: {},
  settings: {},
});
const fit = (words: string, readOnly = false) =>
  fittingCommands(doable(desk, readOnly, false), graph, words).map(({ heading, label }) => `${heading}: ${label}`);

describe("the list of commands", () => {
  it("has what can be done now, in groups, with its keys", () => {
    expect(fit("")).toEqual(["Add: Add: Message", "Edit: Undo", "Edit: Copy"]);
    expect(doable(desk, false, false).map(({ keys }) => keys)).toEqual([undefined, "Ctrl+Z", "Ctrl+C"]);
    expect(doable(desk, false, true).map(({ keys }) => keys)).toEqual([undefined, "⌘Z", "⌘C"]);
  });

  it("leaves out what would change a flow that is only looked at", () => {
    expect(fit("", true)).toEqual(["Edit: Copy"]);
  });

  it("finds commands by their words, and steps by theirs and their names", () => {
    expect(fit("new")).toEqual(["Add: Add: Message"]);
    expect(fit("undo")).toEqual(["Best: Undo", "Steps: Undo nothing"]);
    expect(fit("CAFE")).toEqual(["Steps: Shall we?"]);
    expect(fit("message un")).toEqual(["Steps: Undo nothing"]);
    expect(fit("zz")).toEqual([]);
  });
});
