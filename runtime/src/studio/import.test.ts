import { BLANK } from "@parley/shared/flow/blank";
import { check } from "@parley/shared/flow/check";
import { describe, expect, it } from "vitest";
import { canonical, importDraft, slug } from "./import.js";

describe("importDraft", () => {
  const flow = {
    b: { sendRequest: { kind: "BotText", content: "x" } },
    a: { sendRequest: { kind: "BotText", content: "y" } },
  };

  it("keeps the text of a file that is not canonical, byte for byte", () => {
    const text = `\ufeff${JSON.stringify(flow)}\n\n`;
    expect(importDraft(text)).toEqual({ draft: { flow, layout: {}, settings: {} }, source: text });
    expect(Object.keys(importDraft(text).draft.flow)).toEqual(["b", "a"]);
    expect(importDraft(canonical(flow)).source).toBeUndefined();
  });

  it("takes what is broken: findings do not matter", () => {
    const broken = '{"a":{"sendRequest":{"kind":"Nonsense"},"next":"nowhere"}}';
    expect(importDraft(broken).draft).toEqual({ flow: JSON.parse(broken), layout: {}, settings: {} });
  });

  it.each(["{", "", "[]", "7", `{"a":${"[".repeat(80)}${"]".repeat(80)}}`])(
    "keeps a text that is no flow beside a blank one: %s",
    (text) => {
      expect(importDraft(text)).toEqual({ draft: { flow: BLANK, layout: {}, settings: {}, text }, source: undefined });
    },
  );

  it("keeps a text with a name twice beside what a parser makes of it", () => {
    const text =
      '{"a":{"sendRequest":{"kind":"BotText","content":"1"}},"a":{"sendRequest":{"kind":"BotText","content":"2"}}}';
    const { draft } = importDraft(text);
    expect(draft.text).toBe(text);
    expect(draft.flow).toEqual(JSON.parse(text));
  });

  it("leaves $schema of drawing and settings out", () => {
    const { draft } = importDraft("{}", { $schema: "x", positions: {} }, { $schema: "y", title: "T" });
    expect(draft).toEqual({ flow: {}, layout: { positions: {} }, settings: { title: "T" } });
  });
});

it("a blank flow has no finding", () => {
  expect(check(BLANK)).toEqual([]);
});

it.each([
  ["Bot assistant", "bot-assistant"],
  ["  Crème brûlée!  ", "creme-brulee"],
  ["言語", "flow"],
  ["", "flow"],
  ["--x--", "x"],
  ["a".repeat(200), "a".repeat(56)],
  ["__proto__", "proto"],
])("slug(%j) is %j", (text, id) => {
  expect(slug(text)).toBe(id);
});
