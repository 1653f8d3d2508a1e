import { describe, expect, it } from "vitest";
import { jsonBytes } from "../text.js";
import { plainText, type RichNode, richText } from "./rich-text.js";
import {
  escapeRich,
  Filler,
  MAX_REQUEST_BYTES,
  MAX_VALUE_CHARACTERS,
  parseTemplate,
  placeholders,
} from "./template.js";

/** The finished text, filled in with `values`. */
const filled = (source: string, values: Readonly<Record<string, string>> = {}, rich = true): string =>
  new Filler((id) => (Object.hasOwn(values, id) ? values[id] : undefined), 0).fill(parseTemplate(source, rich));

/** The elements of a tree with their attributes, without its text. */
const elements = (nodes: readonly RichNode[]): unknown[] =>
  nodes.flatMap((node) => ("text" in node ? [] : [node.tag, node.attrs, elements(node.children)]));

describe("[F12] placeholders", () => {
  it.each([
    ["Hello {{name}}", [{ id: "name" }]],
    ["{{ name }}{{b|c}}", [{ id: "name" }, { id: "b", fallback: "c" }]],
    ["{{a| b c }}", [{ id: "a", fallback: " b c " }]],
    ["{{a|}}", [{ id: "a", fallback: "" }]],
    ["{{two words}} {{ä/~.-}}", [{ id: "two words" }, { id: "ä/~.-" }]],
    ["{{{a}}}", [{ id: "a" }]],
    ["{{a|b|c}}", [{ id: "a", fallback: "b|c" }]],
    ["{{a\n}}", [{ id: "a" }]],
  ])("%j has %j", (source, expected) => {
    expect(placeholders(source)).toEqual(expected);
  });

  it.each(["", "{a}", "{{}}", "{{ }}", "{{|x}}", "{{a}", "{ {a}}", "{{a{b}}", "{{a|{b}}}", "}}{{"])(
    "%j has none, and stays as it is",
    (source) => {
      expect(placeholders(source)).toEqual([]);
      expect(filled(source)).toBe(source);
      expect(parseTemplate(source, true).parts).toEqual([source]);
    },
  );

  it("are none inside a tag or a comment, in rich text", () => {
    const source = '<a href="/{{a}}">{{b}}</a><!-- {{c}} --><script>{{d}}</script>';
    expect(placeholders(source)).toEqual([{ id: "b" }]);
    expect(filled(source, { a: "A", b: "B", c: "C", d: "D" })).toBe(
      '<a href="/{{a}}">B</a><!-- {{c}} --><script>{{d}}</script>',
    );
    expect(placeholders(source, false).map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  });
});

describe("[F12] filling in", () => {
  it("takes the value, else the fallback, else nothing; an empty value is none", () => {
    const source = "[{{x}}][{{y|there}}][{{z|there}}][{{e|there}}]";
    expect(filled(source, { x: "1", z: "2", e: "" })).toBe("[1][there][2][there]");
  });

  it("[P15] [sandbox escape] a value is filled in once, and not read again", () => {
    expect(filled("{{a}} {{b}}", { a: "{{b}}", b: "{{a}}{{c|x}}" })).toBe("{{b}} {{a}}{{c|x}}");
    expect(filled("{{a}}{{b}}", { a: "{{", b: "c}}" })).toBe("{{c}}");
  });

  it("a value is text: in rich text its <, > and & become entities, in plain text they stay", () => {
    const value = '<b onclick="x">&lt;</b> \'"';
    expect(filled("{{v}}", { v: value })).toBe('&lt;b onclick="x"&gt;&amp;lt;&lt;/b&gt; \'"');
    expect(filled("{{v}}", { v: value }, false)).toBe(value);
    expect(richText(filled("{{v}}", { v: value })).tree).toEqual([{ text: value }]);
  });

  it("a fallback is text as well", () => {
    expect(richText(filled("{{v|<b>x</b>}}")).dropped).toEqual([]);
    expect(placeholders("{{v|<b>x</b>}}")).toEqual([]);
    expect(filled("{{v|a < b & c}}")).toBe("a &lt; b &amp; c");
  });

  it.each([
    ["<{{v}}", "b>"],
    ["<b{{v}}", ">"],
    ["a<{{v}}>", "b"],
    ["a<{{v}}=x>", "b title"],
    ["a<{{v|b}}>b<{{w|/b}}>", ""],
    ["&{{v}}", "lt;b>"],
    ["&#{{v}}", "60;b>"],
    ["&am{{v}}", "p;"],
    ["<b>x{{v}}", "</b><i>"],
    ["<!--{{v}}", "-->"],
    ["<a href='{{v}}'>x</a>", "javascript:alert(1)"],
    ["<{{v}}{{v}}", "<b"],
  ])("the elements of %j are those without a value, whatever it is: %j", (source, v) => {
    expect(elements(richText(filled(source, { v })).tree)).toEqual(elements(richText(filled(source)).tree));
  });

  it.each([
    ["a<{{v}}>c", "b", "a<b>c"],
    ["&{{v}}", "lt;", "&lt;"],
    ["&am{{v}}", "p;", "&amp;"],
    ["&#6{{v}}", "0;", "&#60;"],
    ["fish & {{v}}", "chips", "fish & chips"],
    ["&lt;{{v}}&gt;", "b", "<b>"],
  ])("what stands beside a value does not join with it: %j with %j", (source, v, shown) => {
    expect(plainText(filled(source, { v }))).toBe(shown);
  });

  it(`uses ${MAX_VALUE_CHARACTERS} characters of a value, and cuts none in two`, () => {
    expect(filled("{{v}}", { v: "x".repeat(501) })).toHaveLength(500);
    expect(filled("{{v}}", { v: `${"x".repeat(499)}🦜` })).toBe("x".repeat(499));
    expect(filled(`{{v|${"y".repeat(600)}}}`)).toHaveLength(500);
    expect(filled("{{v}}", { v: "<".repeat(600) })).toBe("&lt;".repeat(500));
  });

  it("the values of one message share what is left of 8 KiB; those that do not fit are dropped", () => {
    const template = parseTemplate("{{a}}{{b}}{{c}}", false);
    const values: Readonly<Record<string, string>> = { a: "a".repeat(400), b: "é".repeat(200), c: "c" };
    const fill = (left: number) => new Filler((id) => values[id], MAX_REQUEST_BYTES - left).fill(template);
    expect(fill(801)).toBe(`${values.a}${values.b}c`);
    expect(fill(800)).toBe(`${values.a}${values.b}`);
    expect(fill(799)).toBe(values.a);
    expect(fill(399)).toBe("");
    expect(fill(-1)).toBe("");
  });

  it("counts a value as JSON writes it", () => {
    const fill = (value: string, left: number) =>
      new Filler(() => value, MAX_REQUEST_BYTES - left).fill(parseTemplate("{{v}}", false));
    for (const value of ['"', "\\", "\n", "\u0001", "\ud800", "🦜"]) {
      const bytes = jsonBytes(value) - 2;
      expect(fill(value, bytes)).toBe(value);
      expect(fill(value, bytes - 1)).toBe("");
    }
  });
});

describe("escapeRich", () => {
  it("makes of any text the rich text that shows it", () => {
    for (const text of ["", "a < b > c & d", "<script>alert(1)</script>", "&amp;&lt;", "<!-- x -->", "{{a}}"]) {
      expect(richText(escapeRich(text))).toEqual({ tree: text ? [{ text }] : [], dropped: [] });
    }
  });
});
