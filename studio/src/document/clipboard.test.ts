import { readFileSync } from "node:fs";
import { check } from "@parley/shared/flow/check";
import { LayoutSchema } from "@parley/shared/flow/layout";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyAll } from "./apply.js";
import { copy, duplicate, isClip, paste } from "./clipboard.js";
import { anyDraft } from "./draft.arbitrary.js";
import type { Draft, FlowJson } from "./draft.js";
import { readSteps } from "./steps.js";

const BOT: FlowJson = JSON.parse(readFileSync(new URL("../../../flows/bot-assistant.json", import.meta.url), "utf8"));
const EMPTY: Draft = { flow: {}, layout: {}, settings: {} };
const bot: Draft = {
  flow: BOT,
  layout: {
    positions: { langChoices: { x: 100, y: 50 }, startLangPrefSession: { x: 400, y: 80 } },
    notes: [{ id: "n", text: "Look", x: 90, y: 20, author: "Ada" }],
    groups: [{ id: "g", title: "Ask", states: ["langChoices", "startLangPrefSession"] }],
  },
  settings: {},
};
const counter = () => {
  let last = 0;
  return () => `id${++last}`;
};
const pasted = (draft: Draft, text: string, more: Partial<Parameters<typeof paste>[1]> = {}) => {
  const result = paste(draft, { text, ids: counter(), ...more });
  expect(result.refused).toBeUndefined();
  return { result, draft: applyAll(draft, result.changes).draft };
};
const asked = ["langChoices", "startLangPrefSession"];

describe("clipboard", () => {
  it("brings steps to another flow whole: links among them, names, ids", () => {
    const { result, draft } = pasted(EMPTY, copy(bot, asked));
    expect(result.select).toEqual(asked);
    expect(Object.keys(draft.flow)).toHaveLength(7);
    expect(readSteps(draft).edges.map(({ from, port, to }) => [from, port, to])).toEqual([
      ["langChoices", "answer:other", "startLangPrefSession"],
    ]);
    expect(check(draft.flow).every(({ severity }) => severity === "warning")).toBe(true);
  });

  it("in the same flow gives fresh names and ids, and leaves the others alone", () => {
    const { result, draft } = pasted(bot, copy(bot, asked));
    expect(result.select).toEqual(["langChoices2", "startLangPrefSession2"]);
    const { byId } = readSteps(draft);
    expect(byId.get("langChoices2")).toMatchObject({ ref: "lang2", folded: true });
    expect(byId.get("startLangPrefSession2")).toMatchObject({ ref: "langPreference2", folded: true });
    expect(byId.get("langChoices2")?.ports.map(({ to, ends }) => to ?? ends)).toEqual([
      true,
      true,
      "startLangPrefSession2",
    ]);
    expect(byId.get("langChoices")).toEqual(readSteps(bot).byId.get("langChoices"));
    expect(check(draft.flow).every(({ severity }) => severity === "warning")).toBe(true);
  });

  it("[F12] texts go on meaning the answers that were copied with them", () => {
    const flow = { ...BOT, say: { sendRequest: { kind: "BotText", content: "{{lang}} and {{others}}" } } };
    const { draft } = pasted({ ...EMPTY, flow }, copy({ ...EMPTY, flow }, ["langChoices", "say"]));
    expect(draft.flow.say2).toEqual({ sendRequest: { kind: "BotText", content: "{{lang2}} and {{others}}" } });
  });

  it("keeps the shape of the drawing, at a place or beside the original; notes and groups get fresh ids", () => {
    const { draft, result } = pasted(bot, copy(bot, ["group:g", "note:n"]), { at: { x: 1000, y: 1000 } });
    expect(draft.layout.positions).toMatchObject({
      langChoices2: { x: 1010, y: 1030 },
      startLangPrefSession2: { x: 1310, y: 1060 },
    });
    expect(draft.layout.notes).toContainEqual({ id: "id1", text: "Look", x: 1000, y: 1000, author: "Ada" });
    expect(draft.layout.groups).toContainEqual({
      id: "id2",
      title: "Ask",
      states: ["langChoices2", "startLangPrefSession2"],
    });
    expect(result.select).toEqual(["langChoices2", "startLangPrefSession2", "note:id1", "group:id2"]);
    const beside = duplicate(bot, { items: ["langChoices"], ids: counter() });
    expect(applyAll(bot, beside.changes).draft.layout.positions?.langChoices2).toEqual({ x: 140, y: 90 });
  });

  it("pasted behind a way out, it is connected and stands there in the file", () => {
    const { draft } = pasted(bot, copy(bot, ["done"]), { after: { step: "greetings", port: "then" } });
    expect(Object.keys(draft.flow).slice(0, 3)).toEqual(["greetings", "done2", "langChoices"]);
    expect(readSteps(draft).byId.get("greetings")?.ports[0]?.to).toBe("done2");
  });

  it("takes nothing but what was copied", () => {
    const clip = JSON.parse(copy(bot, asked));
    const others = [
      "",
      "Hello",
      "[]",
      "{",
      JSON.stringify(BOT),
      JSON.stringify({ ...clip, parley: "clip-2" }),
      JSON.stringify({ ...clip, flow: [] }),
      JSON.stringify({ ...clip, flow: { $schema: "x" } }),
      JSON.stringify({ ...clip, positions: { a: { x: "1", y: 2 } } }),
      JSON.stringify({ ...clip, notes: [{ text: "x" }] }),
      JSON.stringify({ ...clip, groups: [{ title: "x", states: [1] }] }),
    ];
    for (const text of others) {
      expect(isClip(text)).toBe(false);
      expect(paste(bot, { text, ids: counter() })).toMatchObject({ changes: [], refused: expect.any(String) });
    }
    expect(isClip(JSON.stringify(clip))).toBe(true);
  });

  it("of a comment, puts in a note that is about no step and lies where the drawing is", () => {
    const note = { id: "c", text: "Why?", author: "Ann (guest)", state: "langChoices", resolved: true };
    const { langChoices } = bot.layout.positions ?? {};
    const commented = { ...bot, layout: { ...bot.layout, notes: [note] } };
    const clip = JSON.parse(copy(commented, ["note:c"]));
    expect(clip.notes).toEqual([{ id: "c", text: "Why?", author: "Ann (guest)", ...langChoices }]);
    const { draft } = pasted(commented, JSON.stringify(clip), { at: { x: 7, y: 8 } });
    expect(draft.layout.notes?.at(-1)).toEqual({ id: "id1", text: "Why?", author: "Ann (guest)", x: 7, y: 8 });
  });

  it("of a note, puts in what the layout's schema knows, whatever the text has besides", () => {
    const clip = JSON.parse(copy(bot, ["note:n"]));
    clip.notes[0] = { ...clip.notes[0], colour: "red", width: "wide" };
    const { draft } = pasted(EMPTY, JSON.stringify(clip));
    expect(new Ajv({ strict: false }).compile(LayoutSchema)(draft.layout)).toBe(true);
  });

  it("whatever is copied, a copy of everything has as many states, and undone gives the draft of before", () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const items = [
          ...readSteps(draft).steps.map(({ id }) => id),
          ...(draft.layout.notes ?? []).map(({ id }) => `note:${id}`),
        ];
        const { changes } = duplicate(draft, { items, ids: counter() });
        const done = applyAll(draft, changes);
        const count = ({ flow }: Draft) => Object.keys(flow).filter((name) => name !== "$schema").length;
        expect(count(done.draft)).toBe(2 * count(draft));
        expect(JSON.stringify(applyAll(done.draft, done.inverse).draft)).toBe(JSON.stringify(draft));
      }),
      { numRuns: 500 },
    );
  });
});
