import { describe, expect, it } from "vitest";
import { joinWords, slug, UniqueNames } from "./naming.js";

describe("naming", () => {
  it.each([
    ["What language?", "whatLanguage"],
    ["What programming language do you use in your hobby projects?", "whatProgrammingLanguageDo"],
    ["言語", "言語"],
    ["どの言語を使いますか", "どの言語を使いますか"],
    ["Как вас зовут?", "какВасЗовут"],
    ["ما اسمك", "ما-اسمك"],
    ["Hi, I'm Bot!", "hiImBot"],
    ["<b>Bold</b> &amp; <script>x</script>plain", "boldPlain"],
    ["{{name|there}}, hello", "hello"],
    ["Straße nach Köln", "straßeNachKöln"],
    ["FAQ page 2", "faqPage-2"],
    ["10:30", "10-30"],
    ["😀 🙂", ""],
    ["", ""],
    ["a-very_long word".repeat(9), "aVeryLongWorda"],
    ["x".repeat(100), "x".repeat(32)],
    ["𝒽ello", "𝒽ello"],
  ])("slug of %j is %j", (text, name) => expect(slug(text)).toBe(name));

  it("words are joined by capitals where the script has them", () => {
    expect(joinWords("what", "language")).toBe("whatLanguage");
    expect(joinWords("言語", "ja")).toBe("言語Ja");
    expect(joinWords("top", "10")).toBe("top-10");
    expect(joinWords("", "go")).toBe("go");
    expect(joinWords("go", "")).toBe("go");
  });

  it("each name is given once, and none that is taken or reserved", () => {
    const names = new UniqueNames((name) => name === "a2");
    names.reserve("a3");
    expect(["a", "a", "a", "b2", "b2"].map((base) => names.take(base))).toEqual(["a", "a4", "a5", "b2", "b2-2"]);
  });
});
