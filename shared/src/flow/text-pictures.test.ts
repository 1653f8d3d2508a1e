import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RichNode, richText } from "./rich-text.js";
import { picturesOfText, pictureTag } from "./text-pictures.js";

/** What a reader is shown, as the widget draws it. */
function shown(nodes: readonly RichNode[]): object[] {
  return nodes.flatMap((node) => ("text" in node ? [] : node.tag === "img" ? [node.attrs] : shown(node.children)));
}

describe("the pictures of a text", () => {
  it.each<[string, object[]]>([
    ["none here, a < b", []],
    ['<img src="/a.png">', [{ src: "/a.png", start: 0, end: 18 }]],
    ["One <IMG src=/a.png alt=''> two", [{ src: "/a.png", alt: "", start: 4, end: 27 }]],
    [
      '<p><img alt="a > b &amp; c" width=8 height="6" src="https://x.example/a.png"/></p>',
      [{ src: "https://x.example/a.png", alt: "a > b & c", width: "8", height: "6", start: 3, end: 78 }],
    ],
    ['<img src="http://x.example/a.png" alt="dropped"><img alt="none">', []],
    ['<!-- <img src="/a.png"> --><script><img src="/a.png"></script><image src="/a.png">', []],
  ])("%s", (source, expected) => expect(picturesOfText(source)).toEqual(expected));

  it("are those that a reader is shown, whatever the text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "<img",
        " src=/a.png",
        " alt=",
        '"',
        "'",
        ">",
        "<",
        "/>",
        "<p>",
        "</p>",
        "<!--",
        "-->",
        "<script>",
        "&lt;",
        "x ",
        "<a href=/>",
      ),
      fc.string({ maxLength: 3 }),
      fc.constant('<img src="/a.png" alt="x">'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const source = pieces.join("");
        const found = picturesOfText(source).map(({ start: _, end: __, ...attrs }) => attrs);
        expect(found).toEqual(shown(richText(source).tree));
      }),
      { numRuns: 3_000 },
    );
  });

  it("a tag that is written says what it was given, whatever that holds", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, fc.option(fc.nat(9_999).map(String), { nil: undefined }), (alt, width) => {
        const picture = {
          src: "/assets/a.png",
          alt: alt.replace(/\r\n?/g, "\n"),
          ...(width !== undefined && { width }),
        };
        const written = pictureTag(picture);
        expect(picturesOfText(`a ${written} b`)).toEqual([{ ...picture, start: 2, end: 2 + written.length }]);
      }),
    );
  });
});
