import { describe, expect, it } from "vitest";
import { CLOSED_WORDS, closedWords } from "./closed-widget.js";

describe("closedWords", () => {
  it.each([
    [["de"], { lang: "de", dir: "ltr", words: "de", open: "Chat öffnen", dismiss: "Ausblenden" }],
    [["pt-BR", "de"], { lang: "pt-BR", dir: "ltr", words: "pt", open: "Abrir o chat", dismiss: "Ocultar" }],
    [[undefined, "", 7, "AR"], { lang: "AR", dir: "rtl", words: "ar", open: "فتح الدردشة", dismiss: "إخفاء" }],
    [["he"], { lang: "he", dir: "rtl", open: "Open chat", dismiss: "Dismiss" }],
    [["en-GB", "de"], { lang: "en-GB", dir: "ltr", open: "Open chat", dismiss: "Dismiss" }],
    [["constructor", "<b>", "x".repeat(40)], { lang: "en", dir: "ltr", open: "Open chat", dismiss: "Dismiss" }],
    [[], { lang: "en", dir: "ltr", open: "Open chat", dismiss: "Dismiss" }],
  ] as const)("%j", (tags, words) => expect(closedWords(...tags)).toEqual(words));

  it("speaks the languages that were promised", () => {
    expect(Object.keys(CLOSED_WORDS)).toEqual(["de", "fr", "es", "pt", "ar", "ja"]);
  });
});
