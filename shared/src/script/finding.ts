import { firstWords } from "../flow/state-facts.js";

/** What may be amiss in a script (SPEC, The script). Codes are stable. */
export type ScriptCode =
  | "empty-script"
  | "answer-alone"
  | "nearly-answer"
  | "any-other-alone"
  | "nearly-any-other"
  | "same-answer"
  | "link-alone"
  | "no-such-step"
  | "several-such-steps";

/** One thing in a script that may not be as it was meant. It is a flow all the same. */
export type ScriptFinding = {
  readonly code: ScriptCode;
  /** From 1. */
  readonly line: number;
  /** One sentence: what, and what to do. */
  readonly message: string;
};

const SENTENCES: Readonly<Record<ScriptCode, (words: string, other: string) => string>> = {
  "empty-script": () => "Nothing is written here yet. Write what the bot says, a line for each message.",
  "answer-alone": (words) =>
    `The answer ‘${words}’ has no question above it. Write the question on the line before it.`,
  "nearly-answer": (words) => `‘${words}’ is a message. If it is an answer, put a space behind the dash.`,
  "any-other-alone": () => "‘*’ is any other text, and the line above asks for none. Put a [placeholder] behind that.",
  "nearly-any-other": (words) => `‘${words}’ is a text that somebody would have to write. For any other text, write *.`,
  "same-answer": (words) => `‘${words}’ stands twice below one line. Change one, or take it away.`,
  "link-alone": (words) =>
    words === "" ? "Nothing before this line could end here." : `Nothing before this line could lead to ‘${words}’.`,
  "no-such-step": (words, near) =>
    `No line says ‘${words}’, so this ends there.${near && ` Is ‘${near}’ meant?`} Where an arrow is text, write \\->.`,
  "several-such-steps": (words, first) =>
    `Several lines say ‘${words}’, and this leads to the first. For the second, write ‘${first} #2’.`,
};

/** @param words what it is about, as it stands in the script. @param other further words of its sentence. */
export const scriptFinding = (code: ScriptCode, line: number, words = "", other = ""): ScriptFinding => ({
  code,
  line,
  message: SENTENCES[code](firstWords(words), firstWords(other)),
});
