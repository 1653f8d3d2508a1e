import { type Json } from "./json.js";
/** A choice of a question as far as it can be read. */
export type ItemFacts = {
  readonly id: string | undefined;
  readonly label: string;
  readonly content: string;
};
/** What one state is, read without its neighbours. */
export type StateFacts = {
  readonly is: "message" | "question" | "text" | "end-text" | "choice-match" | "text-match" | "unknown";
  /** Just what the format says, so that showing it in another form hides nothing. */
  readonly plain: boolean;
  readonly next: string | undefined;
  /** `groupId` or `sessionId`. */
  readonly ref: string | undefined;
  /** Its text as it stands in the file. */
  readonly text: string;
  /** The first words of it. */
  readonly title: string;
  readonly prompt: string | undefined;
  /** Of a question: every choice, in order. */
  readonly items: readonly ItemFacts[];
  /** Of a choice match. */
  readonly item: string | undefined;
  /** Of a text match: by what it is told apart from others; undefined is any other text. */
  readonly expected: string | undefined;
};
/** Reads a state; whatever it is, something comes out. */
export declare function factsOf(state: Json): StateFacts;
/** A text on one line, at most 80 characters of it. */
export declare function firstWords(text: string): string;
