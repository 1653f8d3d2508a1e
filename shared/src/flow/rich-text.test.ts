import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { plainText, type RichNode, richText, tagEnd, type Where } from "./rich-text.js";

/** The tree as markup, for short expectations only. */
function show(nodes: readonly RichNode[]): string {
  return nodes
    .map((node) => {
      if ("text" in node) return node.text;
      const attrs = Object.entries(node.attrs).map(([key, value]) => ` ${key}=${value}`);
      return `<${node.tag}${attrs.join("")}>${show(node.children)}</${node.tag}>`;
    })
    .join("");
}
const shown = (source: string, where?: Where) => show(richText(source, where).tree);

function elements(nodes: readonly RichNode[]): string {
  return nodes
    .flatMap((node) => ("text" in node ? [] : [`${node.tag}${JSON.stringify(node.attrs)}(${elements(node.children)})`]))
    .join();
}

/** Everything the subset may hold, written apart from the code under test. */
const TAGS: Record<Where, string[]> = {
  text: "b i em strong u s code pre br p ul ol li blockquote a img".split(" "),
  choice: "b i em strong code".split(" "),
};
const ATTRS: Record<string, string[]> = { a: ["href"], img: ["src", "alt", "width", "height"] };

function assertAllowed(nodes: readonly RichNode[], where: Where, depth = 1): void {
  expect(depth).toBeLessThanOrEqual(34);
  for (const node of nodes) {
    if ("text" in node) {
      expect(Object.keys(node)).toEqual(["text"]);
      expect(node.text).toBeTypeOf("string");
      continue;
    }
    expect(TAGS[where]).toContain(node.tag);
    for (const [key, value] of Object.entries(node.attrs)) {
      expect(ATTRS[node.tag] ?? []).toContain(key);
      if (key === "href" || key === "src") assertAddress(value, key);
      if (key === "width" || key === "height") expect(value).toMatch(/^\d+$/);
    }
    if (node.tag === "a") expect(elements(node.children)).not.toMatch(/(^|[,(])a\{/);
    assertAllowed(node.children, where, depth + 1);
  }
}

/** What a browser makes of the address, by its own URL parser. */
function assertAddress(value: string, key: string): void {
  const base = "https://flows.example/dir/page";
  if (!URL.canParse(value, base)) return;
  const url = new URL(value, base);
  const schemes = key === "src" ? ["https:"] : ["http:", "https:", "mailto:", "tel:"];
  expect(schemes).toContain(url.protocol);
  if (value.startsWith("/")) expect(url.origin).toBe("https://flows.example");
}

const MARKUP = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."< > </ /> <! <? <!-- --> & ; = \" ' ` / \\ : \n \t \r \0 \ud800 a b i p ul li a img svg script style on".split(
          " ",
        ),
      ),
      fc.constantFrom("<b>", "</b>", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<a href=", "<a href='/x'>", "</a>"),
      fc.constantFrom("<img src=", "<script>", "</script>", "<svg/", "javascript:", "java\nscript:", "data:", "//evil"),
      fc.constantFrom("&lt;", "&#106;", "&#x6a", "&Tab;", "&amp;lt;", "onclick=", " href=", " style='x'", "https://h/"),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));
const WHERE = fc.constantFrom<Where>("text", "choice");

describe("richText", () => {
  test.each([
    ["plain", "Hi & bye", "Hi & bye"],
    [
      "marks",
      "<b>a</b> <I>b</I> <em>c</em><u>d</u><s>e</s><code>f</code>",
      "<b>a</b> <i>b</i> <em>c</em><u>d</u><s>e</s><code>f</code>",
    ],
    ["a line break is a line break", "a\r\nb\rc\nd", "a\nb\nc\nd"],
    ["br", "a<br>b<br/>c<br />\nd", "a<br></br>b<br></br>c<br></br>d"],
    ["a < that starts no tag", "1 < 2, <3, a<b, <, </>, x <-", "1 < 2, <3, a<b, <, </>, x <-"],
    ["an address in brackets", "Tom <tom@example.com>", "Tom <tom@example.com>"],
    ["a tag never finished", "a <b class='x", "a <b class='x"],
    ["a tag cut by another", "a <b <i>c</i>", "a <b <i>c</i>"],
    ["entities", "&lt;b&gt; &amp;lt; &quot;&#39;&#x27;&apos; &nbsp;|", "<b> &lt; \"''' \u00a0|"],
    ["unknown entities", "a&b &unknown; &lt &constructor; &", "a&b &unknown; &lt &constructor; &"],
    ["bad code points", "&#0;&#xD800;&#x110000;&#99999999999999999999;", "\ufffd\ufffd\ufffd\ufffd"],
    ["crossed tags", "<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"],
    ["tags never closed", "<b>a<i>b", "<b>a<i>b</i></b>"],
    ["tags never opened", "a</b>b</p>c</ul>", "abc"],
    ["paragraphs", "<p>a</p>\n\n<p>b<p>c", "<p>a</p><p>b</p><p>c</p>"],
    ["a list, its layout left out", "<ul>\n <li>a</li>\n <li>b\n</ul>\nc", "<ul><li>a</li><li>b\n</li></ul>c"],
    [
      "a list in an item",
      "<ul><li>a<ol><li>b<li>c</ol><li>d</ul>",
      "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>",
    ],
    ["a list in a list", "<ul><ul><li>a</ul>b</ul>", "<ul><li><ul><li>a</li></ul>b</li></ul>"],
    ["an item outside of a list", "<li>a<li>b", "a\nb"],
    ["pre keeps its spaces", "<pre>\n  a\n  b</pre>", "<pre>  a\n  b</pre>"],
    ["a space between marks", "<b>a</b> <i>b</i>", "<b>a</b> <i>b</i>"],
    [
      "a link",
      '<a href="https://x.example/?a=1&amp;b=2" target=_top rel=opener>x</a>',
      "<a href=https://x.example/?a=1&b=2>x</a>",
    ],
    [
      "other links",
      "<a href=mailto:a@b.example>m</a><a href='tel:+1'>t</a><a href=/>r</a><a href=/a//b>p</a>",
      "<a href=mailto:a@b.example>m</a><a href=tel:+1>t</a><a href=/>r</a><a href=/a//b>p</a>",
    ],
    ["an address as browsers read it", "<a href='\n ht\ttps://x.example \0'>x</a>", "<a href=https://x.example>x</a>"],
    ["a link in a link", "<a href=/a>x<a href=/b>y</a>z", "<a href=/a>x</a><a href=/b>y</a>z"],
    [
      "a picture",
      "<img src=https://x.example/a.png alt='A &lt;' width=20 height=10>",
      "<img src=https://x.example/a.png alt=A < width=20 height=10></img>",
    ],
    ["the first of two attributes", "<a href=/a href=javascript:1>x</a>", "<a href=/a>x</a>"],
  ])("%s", (_name, source, expected) => {
    const { tree, dropped } = richText(source);
    expect(show(tree)).toBe(expected);
    if (_name !== "an item outside of a list") expect(dropped).toEqual([]);
  });

  test.each<[string, string, string[]]>([
    ["<div>a</div><div>b</div><span>c</span>", "a\nb\nc", ["the element <div>", "the element <span>"]],
    ["<h1 class=x>T</h1>text", "T\ntext", ["the element <h1>"]],
    ["a<!-- b --> c", "a c", ["a comment"]],
    ["a<!-- b", "a", ["a comment"]],
    ["<b onclick=x style='y'>a</b>", "<b>a</b>", ["the attribute “onclick” of <b>", "the attribute “style” of <b>"]],
    ["<img src=/a width=50% height=1>", "<img src=/a height=1></img>", ["the attribute “width” of <img>"]],
    ["<img src=http://x/a alt=Map>", "Map", ["the address “http://x/a” of <img>", "the element <img>"]],
    ["<!doctype html>a<?xml x>b", "ab", ["a comment"]],
  ])("says what it drops: %s", (source, expected, dropped) => {
    expect(show(richText(source).tree)).toBe(expected);
    expect(richText(source).dropped).toEqual(dropped);
  });

  // Elsewhere an address led to a script: CVE-2024-30264.
  test.each([
    ["<a href=javascript:alert(1)>x</a>", "x"],
    ["<a href='JaVaScRiPt:alert(1)'>x</a>", "x"],
    ["<a href='java\nscript:alert(1)'>x</a>", "x"],
    ["<a href='java&#9;script:alert(1)'>x</a>", "x"],
    ["<a href='&#x6a;avascript:alert(1)'>x</a>", "x"],
    ["<a href='&#106avascript:alert(1)'>x</a>", "x"],
    ["<a href='&#0000106&#0000097vascript:alert(1)'>x</a>", "x"],
    ["<a href='\u0001 javascript:alert(1)'>x</a>", "x"],
    ["<a href='javascript&colon;alert(1)'>x</a>", "x"],
    ["<a href='vbscript:x'>x</a>", "x"],
    ["<a href='data:text/html,<script>1</script>'>x</a>", "x"],
    ["<a href='blob:https://x/1'>x</a>", "x"],
    ["<a href='file:///etc/passwd'>x</a>", "x"],
    ["<a href='//evil.example'>x</a>", "x"],
    ["<a href='/\\evil.example'>x</a>", "x"],
    ["<a href='/\t/evil.example'>x</a>", "x"],
    ["<a href='/\u0001/evil.example'>x</a>", "x"],
    ["<a href='\\\\evil.example'>x</a>", "x"],
    ["<a href='https:evil.example'>x</a>", "x"],
    ["<a href='https:\\\\evil.example'>x</a>", "x"],
    ["<a href='relative/path'>x</a>", "x"],
    ["<a href>x</a>", "x"],
    ["<img src=x onerror=alert(1)>", ""],
    ["<img src='data:image/svg+xml,<svg onload=1>' alt=p>", "p"],
    ["<img/src=/a/onerror=alert(1)>", "<img src=/a/onerror=alert(1)></img>"],
    ["<IMG SRC=https://x.example/y ONERROR=1>", "<img src=https://x.example/y></img>"],
    ["<script>alert(1)</script>after", "after"],
    ["<script>alert(1)</script foo='>'>after", "after"],
    ["<SCRIPT/x>alert(1)</sCript >after", "after"],
    ["<script>never closed", ""],
    ["<scr<script>ipt>alert(1)</script>", "<scr"],
    ["<style>*{}</style>a", "a"],
    ["<svg onload=alert(1)><text>x</text></svg>a", "a"],
    ["<svg/onload=alert(1)/>a", "a"],
    ["<iframe srcdoc='<script>1</script>'></iframe>a", "a"],
    ["<math><mtext><table><mglyph><style><img src=x onerror=1></style></math>a", "a"],
    ["<noscript><p title='</noscript><img src=x onerror=1>'></noscript>", "'>"],
    ["<svg></p><style><a id='</style><img src=1 onerror=1>'></svg>b", "b"],
    ["<template><img src=x onerror=1></template>a", "a"],
    ["<form><math><mtext></form><form><mglyph><style></math><img src onerror=1>", ""],
    ["<b title='>' onmouseover='alert(1)'>a</b>", "<b>a</b>"],
    ["<p/onclick=1>a", "<p>a</p>"],
    ["<x-app>a</x-app><o:p>b</o:p>", "ab"],
    ["<b__proto__>a</b>", "<b__proto__>a"],
    ["<constructor>a</constructor>", "a"],
    ["<input autofocus onfocus=1>a<base href=//x><link rel=x><meta x>", "a"],
  ])("[P15] [javascript address] nothing gets through: %j", (source, expected) => {
    const { tree } = richText(source);
    assertAllowed(tree, "text");
    expect(show(tree)).toBe(expected);
  });

  it("gives a choice marks only, words kept apart", () => {
    const { tree, dropped } = richText(
      "<b>Yes</b> <a href=/x>please</a><br>now<p>or</p> <img src=/a alt=later>",
      "choice",
    );
    expect(show(tree)).toBe("<b>Yes</b> please now or later");
    expect(dropped).toEqual(["the element <a>", "the element <br>", "the element <p>", "the element <img>"]);
  });

  it("holds nothing outside the allow-list, whatever the string", () => {
    fc.assert(
      fc.property(MARKUP, WHERE, (source, where) => assertAllowed(richText(source, where).tree, where)),
      { numRuns: 3000 },
    );
  });

  it("keeps a text that holds no markup as it is", () => {
    const text = fc.string({ unit: "binary" }).filter((s) => !/[<&\r]/.test(s) && s.trim() !== "");
    fc.assert(
      fc.property(text, (source) => {
        expect(shown(source).trim()).toBe(source.trim());
        expect(richText(source).dropped).toEqual([]);
      }),
    );
  });

  it("reads its own text, escaped, as the same text", () => {
    const escaped = (s: string) => s.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    fc.assert(
      fc.property(MARKUP, (source) => {
        const text = plainText(source);
        expect(plainText(escaped(text))).toBe(text.replace(/\r\n?/g, "\n").trim());
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["<", "<"],
    ["<b ", "<b "],
    ["<b '<b \"", "<b '"],
    ["<!--", "<!"],
    ["<script>", "<svg>"],
    ["&#", "&#1"],
    ["<b>", "</b>"],
    ["<hr>a", "<p>"],
    ["<a x=", "  "],
    ["<a href='", " "],
    ["\n", " "],
  ])("is linear in a hostile %j %j", (one, two) => {
    const time = (length: number) => {
      const source = (one.repeat(length / one.length / 2) + two.repeat(length / two.length / 2)) as string;
      const begin = performance.now();
      richText(source);
      return performance.now() - begin;
    };
    time(8 * 1024);
    // 64 times the largest message there is: linear code needs some ms, quadratic code minutes.
    expect(time(512 * 1024)).toBeLessThan(2_000);
  });

  it("bounds its depth and keeps the text beyond", () => {
    const { tree, dropped } = richText(`${"<b>".repeat(1000)}deep`);
    assertAllowed(tree, "text");
    expect(dropped).toEqual(["elements nested more than 32 deep"]);
    expect(plainText(`${"<b>".repeat(1000)}deep`)).toBe("deep");
    assertAllowed(richText(`${"<ul>".repeat(1000)}deep`).tree, "text");
  });
});

describe("plainText", () => {
  test.each([
    ["<p>a <b>b</b></p><p>c</p>", "a b\nc"],
    ["a<br>b<img src=/x alt=pic>", "a\nbpic"],
    ["  &lt;b&gt; ", "<b>"],
    ["<ul><li>a</li><li>b</li></ul>", "a\nb"],
  ])("%s", (source, text) => expect(plainText(source)).toBe(text));
});

describe("tagEnd", () => {
  /** Fills in a value as F12 wants: between tags only, and any other `<` closed. */
  function fill(source: string, value: string): string {
    const escaped = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    const texts: string[] = [];
    let out = "";
    const flush = () => {
      out += texts.join("").replaceAll("{{v}}", escaped);
      texts.length = 0;
    };
    for (let at = 0; at < source.length; ) {
      const end = source[at] === "<" ? tagEnd(source, at) : undefined;
      if (end === undefined) {
        texts.push(source[at] === "<" ? "&lt;" : source.charAt(at));
        at++;
      } else {
        flush();
        out += source.slice(at, end);
        at = end;
      }
    }
    flush();
    return out;
  }

  it("F12: a value goes between tags and makes no element", () => {
    expect(fill("<a href='/{{v}}'>{{v}}</a> {{v}}", "b")).toBe("<a href='/{{v}}'>b</a> b");
    expect(shown(fill("<{{v}}>x", "b"))).toBe("<b>x");
    expect(shown(fill('<a href="/x {{v}} b>c', '"'))).toBe('<a href="/x " b>c');
  });

  it("F12: the filled source has the same elements and attributes as without values", () => {
    const source = fc.array(fc.oneof(MARKUP, fc.constant("{{v}}"), fc.constant("<{{v}}"))).map((s) => s.join(""));
    const value = fc.oneof(MARKUP, fc.constantFrom("b>", "'", '"', "-->", "/", "script>", " x='", "!--"));
    fc.assert(
      fc.property(source, value, (content, said) => {
        expect(elements(richText(fill(content, said)).tree)).toBe(elements(richText(fill(content, "")).tree));
      }),
      { numRuns: 3000 },
    );
  });

  it("ends a comment, a script and an unclosed one where they end", () => {
    expect(tagEnd("a<!-- <b> -->c", 1)).toBe(13);
    expect(tagEnd("<script><b></script >c", 0)).toBe(21);
    expect(tagEnd("<style><b>", 0)).toBe(10);
    expect(tagEnd("< b", 0)).toBeUndefined();
  });
});
