// @vitest-environment happy-dom
import { readScript } from "@parley/shared/script/read-script";
import { describe, expect, it } from "vitest";
import { readSteps, type Step } from "../document/steps.js";
import { answersIn } from "./answers.js";
import { blockStart, CARET, leaveList, SELECTED, startBlock, toggleList } from "./blocks.js";
import { markedEnd } from "./markdown.js";
import { drawRich, readRich } from "./rich-dom.js";
import { sourceOf } from "./rich-source.js";
import { blockSource, markSource, wrapSource } from "./source-markdown.js";
import { askedFor, suggestionsFor } from "./suggestions.js";

const field = (source: string, where: "text" | "choice" = "text"): HTMLElement => {
  const element = document.createElement("div");
  drawRich(element, source, where, (id) => `«${id}»`);
  return element;
};

describe("a text in a field", () => {
  it.each([
    "Hello",
    "5 < 6 & so on",
    "one\ntwo\n",
    "<b>bold</b> and <i>it</i>",
    "Hi {{name|there}}, {{what}}",
    '<a href="https://example.org/?a=1&amp;b=2">there</a>',
    '<img src="/assets/a.png" alt="A &quot;cat&quot;">',
    "<ul><li>one</li><li>two</li></ul>",
    "a &lt;b&gt; c",
    "<code>x = 1</code>{{last}}",
  ])("is what it was: %j", (source) => {
    expect(sourceOf(readRich(field(source)))).toBe(source);
  });

  it("shows answers and pictures as chips", () => {
    const { childNodes } = field('Hi {{name|there}} <img src="/a.png" alt="Cat">');
    expect([...childNodes].map(({ textContent }) => textContent)).toEqual(["Hi ", "«name»", " ", "Cat", ""]);
  });

  it("reads what the browser makes of it, and nothing that is not allowed", () => {
    const element = field("");
    element.innerHTML = 'a<div>b <font color="red">c</font></div><span style="x">d</span><b></b><br>';
    expect(sourceOf(readRich(element))).toBe("a\nb cd");
    element.textContent = "<b>x</b> &amp;";
    expect(sourceOf(readRich(element))).toBe("&lt;b&gt;x&lt;/b&gt; &amp;amp;");
  });

  it("has in an answer only what an answer may have", () => {
    expect(sourceOf(readRich(field("<b>Yes</b> <u>so</u>", "choice")), "choice")).toBe("<b>Yes</b> so");
  });
});

describe("Markdown", () => {
  it.each<[string, string | undefined]>([
    ["so **bold** ", "b bold"],
    ["so **bold**", undefined],
    ["so **bold* ", undefined],
    ["*it*.", "i it"],
    ["_two words_ ", "i two words"],
    ["snake_case_name ", undefined],
    ["2 * 3 * 4 ", undefined],
    ["`x = 1` ", "code x = 1"],
    ["[here](https://example.org/a) ", "a here"],
    ["[here](javascript:alert) ", undefined],
  ])("%j", (text, wanted) => {
    const marked = markedEnd(text, "text");
    expect(marked && `${marked.tag} ${marked.text}`).toBe(wanted);
  });

  it("may end a text, and makes no link of an answer", () => {
    expect(markedEnd("**bold**", "text", true)).toMatchObject({ tag: "b", length: 8, after: "" });
    expect(markedEnd("[a](/b) ", "choice")).toBeUndefined();
  });

  it("begins a list, or what is quoted", () => {
    expect(["- ", "1. ", "> ", "*\u00a0", "-", "a - "].map(blockStart)).toEqual([
      ...["ul", "ol", "blockquote", "ul", undefined, undefined],
    ]);
  });
});

it("reads an answer as the words of its question, and a name that the page sets as it is", () => {
  const { flow } = readScript("Your {{city}}? [Name]\nHi {{Your …?|you}}, in {{city}}!");
  const graph = readSteps({ flow, layout: {}, settings: {} });
  const [{ ref }, { text, title }] = graph.steps as [Step, Step];
  expect(text).toBe(`Hi {{${ref}|you}}, in {{city}}!`);
  expect(title).toBe("Hi …, in …!");
  expect(answersIn(text, graph).map(({ text, isAnswer }) => (isAnswer ? `«${text}»` : text))).toEqual([
    ...["Hi ", "«Your …?»", ", in ", "«city»", "!"],
  ]);
});

describe("what is offered", () => {
  const { flow } = readScript("What is your name? [Name]\nWhere to?\n- Home\nBye");
  const graph = readSteps({ flow, layout: {}, settings: {} });
  const offered = (before: string, own = "bye") => {
    const asked = askedFor(before);
    return (
      asked &&
      suggestionsFor(asked, graph, ["city", "whatIsYourName"], own).map(({ insert, label }) => `${insert} ${label}`)
    );
  };

  it("are questions by their words, and what the page says", () => {
    expect(offered("Hi {{")).toEqual([
      "{{whereTo}} Where to?",
      "{{whatIsYourName}} What is your name?",
      "{{city}} city",
    ]);
    // In the order in which they were asked, whatever leads back.
    expect(offered("Hi {{", "whereTo")?.[0]).toBe("{{whatIsYourName}} What is your name?");
    expect(offered("Hi {{", "whatIsYourName")?.[0]).toBe("{{whereTo}} Where to?");
    expect(offered("Hi {{where")).toEqual(["{{whereTo}} Where to?"]);
    expect(offered("Hi {{", "whereTo")).toEqual(["{{whatIsYourName}} What is your name?", "{{city}} city"]);
    expect(offered("Hi {{x}} ")).toBeUndefined();
    expect(offered("Hi {")).toBeUndefined();
  });

  it("are emoji by their words", () => {
    expect(offered("so :hom")?.[0]).toContain("🏠");
    expect(offered("at 10:30")).toBeUndefined();
    expect(offered("so :h")).toBeUndefined();
  });
});

describe("Markdown in a field of the panel", () => {
  const typed = (marked: string, where: "text" | "choice" = "text", finished = false): string | undefined => {
    const caret = marked.indexOf("|");
    const source = markSource({ text: marked.replace("|", ""), caret }, where, finished);
    return source && `${source.text.slice(0, source.caret)}|${source.text.slice(source.caret)}`;
  };

  it.each<[string, string | undefined]>([
    ["So **bold** |and on", "So <b>bold</b> |and on"],
    ["<i>So</i> *it*.|", "<i>So</i> <i>it</i>.|"],
    ["See [us](https://a.example/?b=1&c=2) |", 'See <a href="https://a.example/?b=1&amp;c=2">us</a> |'],
    ["`x` |", "<code>x</code> |"],
    ["**{{name}}**,|", "<b>{{name}}</b>,|"],
    ["<code>a **b** |", undefined],
    ["**bold**|", undefined],
    ["2 * 3 |", undefined],
  ])("%j becomes %j", (text, wanted) => {
    expect(typed(text)).toBe(wanted);
  });

  it("may end the text, and makes no link of an answer", () => {
    expect(typed("**bold**|", "text", true)).toBe("<b>bold</b>|");
    expect(typed("[a](/b) |", "choice")).toBeUndefined();
  });

  it.each<[string, string]>([
    ["- one", "<ul><li>one</li></ul>"],
    ["See:\n- one\n* two \nSo?", "See:\n<ul><li>one</li><li>two</li></ul>\nSo?"],
    ["1. one\n2) two\n- three", "<ol><li>one</li><li>two</li></ol>\n- three"],
    ["One\n- two", "One\n- two"],
    ["2024. It\n3. Was", "2024. It\n3. Was"],
    ["-", "-"],
    ["<ul><li>one</li></ul>", "<ul><li>one</li></ul>"],
  ])("lines that begin as those of a list are one: %j", (text, wanted) => {
    expect(blockSource(text)).toBe(wanted);
  });

  it("sets what is selected bold by its key, or what is typed next", () => {
    expect(wrapSource("a b c", 2, 3, "b")).toEqual({ text: "a <b>b</b> c", caret: 10 });
    expect(wrapSource("a ", 2, 2, "i")).toEqual({ text: "a <i></i>", caret: 5 });
  });
});

describe("what stands on lines of its own", () => {
  /** A text with `|` where the caret is, and `¦` where what is selected ends. */
  const read = (marked: string) => readRich(field(marked.replace("|", CARET).replace("¦", SELECTED)));
  const told = (tree: ReturnType<typeof leaveList>) =>
    tree && sourceOf(tree).replace(CARET, "|").replace(SELECTED, "¦");

  it.each<[string, string | undefined]>([
    ["See:\n- |\nSo?", "See:\n<ul><li>|</li></ul>\nSo?"],
    ["- |<b>one</b> and {{two}}", "<ul><li>|<b>one</b> and {{two}}</li></ul>"],
    ["<ul><li>one</li></ul>* |two", "<ul><li>one</li><li>|two</li></ul>"],
    ["1. |", "<ol><li>|</li></ol>"],
    ["Noted:\n> |", "Noted:\n<blockquote>|</blockquote>"],
    ["<b>So</b>- |", undefined],
    ["- a|", undefined],
  ])("begins with Markdown at the start of a line: %j", (text, wanted) => {
    expect(told(startBlock(read(text)))).toBe(wanted);
  });

  it.each<[string, string]>([
    ["a\nb|b\nc", "a\n<ul><li>b|b</li></ul>\nc"],
    ["a|a\n<i>b</i>¦\nc", "<ul><li>a|a</li><li><i>b</i>¦</li></ul>\nc"],
    ["|", "<ul><li>|</li></ul>"],
    ["a\n<ul><li>b|</li><li>c</li></ul>\nd", "a\nb|\nc\nd"],
  ])("becomes a list, and lines again: %j", (text, wanted) => {
    expect(told(toggleList(read(text)))).toBe(wanted);
  });

  it.each<[string, string | undefined]>([
    ["a\n<ul><li>b</li><li>|</li></ul>", "a\n<ul><li>b</li></ul>\n|"],
    ["<ul><li>a</li><li>|b</li><li>c</li></ul>", "<ul><li>a</li></ul>\n|b\n<ul><li>c</li></ul>"],
    ["<ol><li>|</li></ol>", "|"],
    ["a|", undefined],
  ])("ends before the item that leaves it: %j", (text, wanted) => {
    expect(told(leaveList(read(text)))).toBe(wanted);
  });

  it("stands so in the file, where a person may read it", () => {
    const source = "Here:\n<ul><li><b>{{a}}</b></li><li>b & c</li></ul>\nIs that <i>right</i>?";
    expect(sourceOf(readRich(field(source)))).toBe(source);
  });
});
