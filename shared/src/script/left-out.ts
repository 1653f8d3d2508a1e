import { firstWords } from "../flow/state-facts.js";
import { NO_WORDS } from "./script.js";

/** What a script cannot say of a flow. */
export type LeftOutCode =
  | "unreadable"
  | "hand-over"
  | "same-id"
  | "unusual"
  | "leads-on"
  | "not-offered"
  | "answered-twice"
  | "stays-open"
  | "no-other-text"
  | "stands-alone"
  | "gone"
  | "no-words"
  | "answer"
  | "link";

/** One thing that the script does not say, or says otherwise than the flow. */
export type LeftOut = {
  readonly code: LeftOutCode;
  /** The state it is about. */
  readonly state: string;
  /** One sentence. */
  readonly message: string;
};

const SENTENCES: Readonly<Record<LeftOutCode, (words: string) => string>> = {
  unreadable: () => "A step that cannot be read is left out.",
  "hand-over": (words) =>
    `‘${words}’ hands over to a person, which a script cannot say: it is left out, and the conversation ends there.`,
  "same-id": (words) => `‘${words}’ shares its answers with another question; the script has each with its own.`,
  unusual: (words) => `What ‘${words}’ has besides its words is left out.`,
  "leads-on": (words) => `‘${words}’ leads on without waiting for an answer; in the script it waits.`,
  "not-offered": (words) => `An answer to ‘${words}’ that it does not offer is left out.`,
  "answered-twice": (words) => `Of two steps that take the same answer to ‘${words}’, the first is in the script.`,
  "stays-open": (words) => `‘${words}’ takes one text after another; in the script it takes one.`,
  "no-other-text": (words) => `‘${words}’ takes expected texts only; in the script it takes any other as well.`,
  "stands-alone": (words) =>
    `A step that belongs to ‘${words}’ and stands alone is left out; what follows it is there.`,
  gone: (words) => `‘${words}’ leads to a step that is not here; in the script it ends there.`,
  "no-words": () => "A step says nothing yet; in the script it is ‘…’.",
  answer: (words) => `‘${words}’ has an answer in it that the script cannot name.`,
  link: (words) => `The script cannot name the step that ‘${words}’ leads to.`,
};

export const leftOut = (code: LeftOutCode, state: string, words: string): LeftOut => ({
  code,
  state,
  message: SENTENCES[code](firstWords(words) || NO_WORDS),
});
