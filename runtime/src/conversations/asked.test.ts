import { describe, expect, it } from "vitest";
import type { Version } from "../registry/registry.js";
import { AskedWords } from "./asked.js";

type State = { sendRequest: { kind: string; [field: string]: unknown } };
const question = (groupId: unknown, words: string): State => ({
  sendRequest: { kind: "ChoiceRequest", groupId, question: words, choices: [] },
});
const ask = (sessionId: unknown, chatText?: string, chatPrompt?: string): State => ({
  sendRequest: {
    kind: "StartChatSession",
    sessionId,
    ...(chatText && { chatText }),
    ...(chatPrompt && { chatPrompt }),
  },
});

/** Published flows by version, the last of which is live or not. */
function words(flows: readonly Record<string, State>[], live = true): AskedWords {
  const versions = flows.map((_, i) => ({ version: i + 1, digest: `d${i}` }) as Version);
  return new AskedWords({
    versions: () => versions,
    live: () => (live ? versions.at(-1) : undefined),
    text: ({ version }) => JSON.stringify(flows[version - 1]),
  });
}
const known = (answered: string[], value: string[] = []) => ({
  known: (_: string, kind: "answered" | "value") => (kind === "answered" ? answered : value),
});
const titles = (of: AskedWords, answered: string[] = [], value: string[] = []) =>
  of
    .columns("f", known(answered, value))
    .map(({ key, title }) => `${key}: ${title}`)
    .slice(6);

describe("the columns of a flow's answers", () => {
  it("are what is asked, in the order of the file, and the page's values", () => {
    const flow = { a: question("g", "<b>How</b>\nwas it?"), b: ask(7, undefined, "Your name"), c: question("h", "") };
    expect(titles(words([flow]), [], ["plan"])).toEqual([
      "q:g: How was it?",
      "t:7: Your name",
      "q:h: h",
      "v:plan: plan",
    ]);
  });

  it("are one for each id, headed by the first words of it, and told apart where two are alike", () => {
    const flow = {
      a: question("g", ""),
      b: question("g", "Any other?"),
      c: question("h", "Any other?"),
      d: ask("s", "Page"),
    };
    expect(titles(words([flow]))).toEqual(["q:g: Any other?", "q:h: Any other? (2)", "t:s: Page (2)"]);
  });

  it("hold what older versions asked, when somebody answered it, marked and in its last words", () => {
    const flows = [
      { a: question("old", "First words"), b: question("never", "Unanswered") },
      { a: question("old", "Last words") },
      { a: question("new", "Now") },
    ];
    expect(titles(words(flows), ["q:old", "q:new", "t:unknown"])).toEqual([
      "q:new: Now",
      "q:old: Last words (no longer asked)",
      "t:unknown: unknown (no longer asked)",
    ]);
  });

  it("are those of the newest version while none is live", () => {
    expect(titles(words([{ a: question("g", "Before") }, { a: question("g", "After") }], false))).toEqual([
      "q:g: After",
    ]);
    expect(titles(words([]))).toEqual([]);
  });
});
