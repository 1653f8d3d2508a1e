import { describe, expect, it } from "vitest";
import { ask, closeChat, codesOf, foundIn, openChat, picked, say, typed } from "../../testing/states.js";
import { applyFix } from "../change.js";

/** One text in each place where a flow has one. */
const everywhere = (text: string) => ({
  a: say(text, "b"),
  b: {
    sendRequest: { kind: "ChoiceRequest", groupId: "q", question: text, choices: [{ itemId: "x", content: text }] },
    next: "c",
  },
  c: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatText: text, chatPrompt: text } },
  x: picked("q", "x", "d"),
  t: typed("s", "d"),
  d: closeChat("s"),
});
const RICH = [
  "/a/sendRequest/content",
  "/b/sendRequest/question",
  "/b/sendRequest/choices/0/content",
  "/c/sendRequest/chatText",
];

describe("empty-text", () => {
  it.each(["", " ", "\n\t", "\u00a0", "&nbsp;", "<b></b>", "<p> </p><br>", "<!-- later -->", "<script>x</script>"])(
    "%j is blank wherever something must be said; a prompt need not",
    (text) => {
      expect(foundIn(everywhere(text), "empty-text").map((finding) => finding.pointer)).toEqual(RICH);
    },
  );

  it.each(["x", "0", "<", "<3", "a < b", "&amp;", "{{q}}", "<b>x</b>"])("%j is not", (text) => {
    expect(foundIn(everywhere(text), "empty-text")).toEqual([]);
  });

  it("a picture says something, but not in a choice, which holds none", () => {
    const found = foundIn(everywhere('<img src="/cat.png">'), "empty-text");
    expect(found.map((finding) => finding.pointer)).toEqual(["/b/sendRequest/choices/0/content"]);
  });

  it("says so to a reader without the name in the file, and an empty answer by its question", () => {
    const plain = (flow: object) => foundIn(flow, "empty-text").map((finding) => finding.plain);
    expect(plain(everywhere(""))).toEqual([
      "A message is empty.",
      "A question has no words.",
      "An answer is empty.",
      "A text question is empty.",
    ]);
    const question = { ...everywhere("").b.sendRequest, question: "Any other?" };
    expect(plain({ b: { sendRequest: question }, x: picked("q", "x", "b") })).toEqual([
      "The question ‘Any other?’ has an empty answer.",
    ]);
  });

  it("a blank chatText may go: the fix takes it away", () => {
    const flow = { a: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatText: "" } }, t: typed("s", "a") };
    const [finding] = foundIn(flow, "empty-text");
    const fixed = applyFix(flow, finding!.fix!);
    expect(fixed).toEqual({ a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } }, t: typed("s", "a") });
    expect(codesOf(fixed)).toEqual([]);
  });

  it("a text that is expected cannot be blank", () => {
    const flow = { a: openChat("s"), t: typed("s", "a"), u: typed("s", "a", " ") };
    expect(foundIn(flow, "empty-text")).toEqual([
      expect.objectContaining({ state: "u", pointer: "/u/matchResponse/content" }),
    ]);
  });
});

describe("unsafe-html", () => {
  it("names what is dropped, in every rich text; the prompt is plain", () => {
    const found = foundIn(everywhere('x <b onclick="y()">z</b>'), "unsafe-html");
    expect(found.map((finding) => finding.pointer)).toEqual(RICH);
    expect(found[0]?.message).toBe('State "a": of "content" this is not shown: the attribute “onclick” of <b>.');
  });

  it("a choice holds less than a text", () => {
    const found = foundIn(everywhere('x <a href="/faq">y</a>'), "unsafe-html");
    expect(found.map((finding) => finding.pointer)).toEqual(["/b/sendRequest/choices/0/content"]);
  });

  it("names five of many things, on one line", () => {
    const [finding] = foundIn({ a: say("x<h1\n>y<h2>y<h3>y<h4>y<h5>y<h6>y") }, "unsafe-html");
    expect(finding?.message).toMatch(/: the element <h1>, .*<h5> and more\.$/);
    expect(finding?.message).not.toContain("\n");
  });

  it("finds nothing where nothing is dropped", () => {
    expect(
      codesOf({ a: say('1 < 2 & 3 > 2, <b>yes</b>, <a href="https://example.org" target="_blank">see</a>') }),
    ).toEqual([]);
  });
});

describe("picture-without-alt", () => {
  it.each(['<img src="/cat.png">', "x <IMG src=/cat.png width=8> <img src=/b.png alt=B>"])(
    "%s has one, in a text",
    (text) => {
      const found = foundIn(everywhere(text), "picture-without-alt");
      expect(found.map(({ pointer }) => pointer)).toEqual([
        "/a/sendRequest/content",
        "/b/sendRequest/question",
        "/c/sendRequest/chatText",
      ]);
      expect(found[0]).toMatchObject({ severity: "warning" });
      expect(found[0]!.plain).toMatch(/ shows a picture, and does not say what is on it/);
    },
  );

  it.each([
    '<img src="/cat.png" alt="A cat">',
    '<img src="/cat.png" alt="">',
    "no picture, <img>",
    '<img src="http://shop.example/cat.png">',
  ])("%s does not: it says what is on it, or that it is decoration, or is not shown", (text) => {
    expect(foundIn(everywhere(text), "picture-without-alt")).toEqual([]);
  });
});

describe("number-id", () => {
  it("names every number where an id is read, and each fix quotes one", () => {
    const flow = {
      a: ask(1, [2, "3", 4.5]),
      m: picked(1, 2, "b"),
      n: picked("1", "3", "b"),
      o: picked("1", 4.5, "b"),
      b: openChat(7),
      t: typed(7, "e"),
      e: closeChat(7),
    };
    const found = foundIn(flow, "number-id");
    expect(found.map((finding) => finding.pointer)).toEqual([
      "/a/sendRequest/groupId",
      "/a/sendRequest/choices/0/itemId",
      "/a/sendRequest/choices/2/itemId",
      "/m/matchResponse/groupId",
      "/m/matchResponse/itemId",
      "/o/matchResponse/itemId",
      "/b/sendRequest/sessionId",
      "/t/matchResponse/sessionId",
      "/e/sendRequest/sessionId",
    ]);
    expect(found[2]).toMatchObject({ severity: "warning", fix: { label: 'Write it as "4.5"' } });
    const fixed = found.reduce<unknown>((left, { fix }) => applyFix(left, fix!), flow);
    expect(codesOf(fixed)).toEqual([]);
  });
});
