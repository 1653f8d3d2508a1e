import { describe, expect, it } from "vitest";
import type { Draft, FlowJson } from "../document/draft.js";
import { differs, type KnownVersion } from "./live.js";
import { overlayName, overlayOf } from "./overlay-name.js";
import { settingNames } from "./settings-words.js";

const say = (content: string) => ({ sendRequest: { kind: "BotText", content } });
const FLOW: FlowJson = { a: say("A"), b: say("B") };
const version = (flow: FlowJson, settings = {}) => ({ flow, settings }) as unknown as KnownVersion;
const draft = (flow: FlowJson, settings: Draft["settings"] = {}): Draft => ({ flow, settings, layout: {} });

describe("whether a draft differs from what is live", () => {
  it("does when nothing is live, a step, the order or a setting is another, and not by its drawing", () => {
    const live = version(FLOW, { title: "T" });
    expect(differs(draft(FLOW), undefined)).toBe(true);
    const same = structuredClone(FLOW);
    const moved: Draft = { ...draft(same, { title: "T" }), layout: { positions: { a: { x: 1, y: 2 } } } };
    expect(differs(moved, live)).toBe(false);
    // Asked again, with one state shared and one that is another.
    expect(differs(draft({ ...same, b: say("C") }, { title: "T" }), live)).toBe(true);
    expect(differs(draft({ b: FLOW.b!, a: FLOW.a! }, { title: "T" }), live)).toBe(true);
    expect(differs(draft({ a: FLOW.a! }, { title: "T" }), live)).toBe(true);
    expect(differs(draft(same, { title: "Other" }), live)).toBe(true);
    expect(differs(draft(same, { title: "T" }), live)).toBe(false);
  });

  it("a state that was the same as one version's is not taken for another's", () => {
    const state = say("A");
    expect(differs(draft({ a: state }), version({ a: say("A") }))).toBe(false);
    expect(differs(draft({ a: state }), version({ a: say("B") }))).toBe(true);
  });
});

describe("what lies over the editor", () => {
  it("is one dialog, of one version or none", () => {
    expect(overlayOf(overlayName("publish"), "publish")).toEqual({ opened: true, of: undefined });
    expect(overlayOf(overlayName("publish", "3"), "publish")).toEqual({ opened: true, of: "3" });
    expect(overlayOf(overlayName("compare", "u1"), "publish")).toEqual({ opened: false, of: undefined });
    expect(overlayOf(undefined, "take-down")).toEqual({ opened: false, of: undefined });
  });
});

it("settings have names on the screen", () => {
  expect(settingNames(["title", "appearance.color", "appearance.new"])).toBe("Title, Colour, Another setting");
});
