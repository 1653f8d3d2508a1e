import { picturesOfText } from "@parley/shared/flow/text-pictures";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changePicture, isOwnPicture, join, split, withPicture } from "./picture-text.js";

const [CAT, DOG] = ['<img src="/assets/cat.png" alt="A cat">', "<img src='/dog.png'>"];

describe("the words of a text and the pictures below them", () => {
  it.each<[string, string, string]>([
    ["Hello", "Hello", ""],
    [CAT, "", CAT],
    [`Hello\n${CAT}`, "Hello", CAT],
    [`Hello\n\n${CAT}\n${DOG}`, "Hello\n", `${CAT}\n${DOG}`],
    [`${CAT}${DOG}\n`, "", `${CAT}${DOG}\n`],
    // In a line, or before words, they stay where they are written.
    [`Hello ${CAT}`, `Hello ${CAT}`, ""],
    [`${CAT}\nHello`, `${CAT}\nHello`, ""],
    [`<p>${CAT}</p>`, `<p>${CAT}</p>`, ""],
    [`Hello\n${CAT} there\n${DOG}`, `Hello\n${CAT} there`, DOG],
  ])("%j", (text, words, pictures) => {
    expect(split(text)).toEqual({ words, pictures });
    expect(join(split(text))).toBe(text);
  });

  it("whatever is typed into the words stays there, and the pictures stay as they are", () => {
    const piece = fc.oneof(fc.constantFrom(CAT, DOG, "\n", " ", "a", "<", "<b>"), fc.string({ maxLength: 2 }));
    const texts = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(texts, fc.stringMatching(/^[a-z \n]{0,6}$/), (text, typed) => {
        expect(join(split(text))).toBe(text);
        const { words, pictures } = split(text);
        if (pictures === "") return;
        const next = split(join({ words: words + typed, pictures }));
        // Where the last of the words is a picture itself, it may be counted among those below.
        if (picturesOfText(words).length > 0) return;
        expect(next).toEqual({ words: words + typed, pictures });
      }),
      { numRuns: 2_000 },
    );
  });

  it("a picture comes below what is there", () => {
    const cat = { src: "/assets/cat.png", width: "8", height: "6" };
    expect(withPicture("", cat)).toBe('<img src="/assets/cat.png" width="8" height="6">');
    expect(withPicture("Hello", cat)).toBe('Hello\n<img src="/assets/cat.png" width="8" height="6">');
    expect(split(withPicture(withPicture("Hello", cat), cat)).words).toBe("Hello");
  });

  it("one of them says what is on it, or goes with its line", () => {
    const text = `Hello\n${CAT}\n${DOG}`;
    expect(changePicture(text, 1, (dog) => ({ ...dog, alt: 'The "dog"' }))).toBe(
      `Hello\n${CAT}\n<img src="/dog.png" alt="The &quot;dog&quot;">`,
    );
    expect(changePicture(text, 0, () => undefined)).toBe(`Hello\n${DOG}`);
    expect(
      changePicture(
        changePicture(text, 1, () => undefined),
        0,
        () => undefined,
      ),
    ).toBe("Hello");
    expect(changePicture(text, 2, () => undefined)).toBe(text);
  });
});

it.each([
  ["/assets/a.png", true],
  ["/a.png", true],
  ["https://elsewhere.example/a.png", false],
  ["//elsewhere.example/a.png", false],
  ["/\\elsewhere.example/a.png", false],
  ["a.png", false],
])("the studio shows %s: %s", (src, shown) => expect(isOwnPicture({ src })).toBe(shown));
