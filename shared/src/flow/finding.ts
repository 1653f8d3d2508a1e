import type { FlowChange } from "./change.js";

/** An error blocks publishing, a warning does not. */
export type Severity = "error" | "warning";

/** Every finding there is (SPEC, Check). Codes are stable: scripts and suppressions name them. */
export const FINDING_CODES = {
  "not-a-flow": "error",
  "bad-name": "error",
  "duplicate-name": "error",
  "bad-shape": "error",
  "next-missing": "error",
  "endless-run": "error",
  "choice-without-match": "error",
  "chat-without-match": "error",
  "outcome-without-match": "error",
  "duplicate-match": "error",
  "duplicate-item": "error",
  "match-without-request": "error",
  "hand-off-with-next": "error",
  "hand-off-id-taken": "error",
  "endless-hand-off": "error",
  "too-large": "error",
  "question-with-next": "warning",
  "group-reused": "warning",
  "number-id": "warning",
  "no-other-text": "warning",
  "unknown-answer": "warning",
  "answer-not-yet": "warning",
  unreachable: "warning",
  "dead-end": "warning",
  "silent-hand-off": "warning",
  "chat-never-closed": "warning",
  "close-without-open": "warning",
  "empty-text": "warning",
  "unsafe-html": "warning",
  "picture-without-alt": "warning",
} as const satisfies Record<string, Severity>;

export type FindingCode = keyof typeof FINDING_CODES;

/** A change that takes the finding away, with the words of its button. */
export type Fix = { readonly label: string; readonly changes: readonly FlowChange[] };

/** One thing that is wrong, or likely to be, and where. */
export type Finding = {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The state it is in; absent when it is about the flow as a whole. */
  readonly state?: string;
  /** JSON pointer into the flow, to the culprit or to the object that lacks something. */
  readonly pointer: string;
  /** One sentence with names and ids, for the command line. */
  readonly message: string;
  /** The same by content and without words of the format, for the studio. */
  readonly plain: string;
  readonly fix?: Fix;
  /** A name that nothing asks for: mended as well by declaring it, in the settings, as one that the page may set. */
  readonly variable?: string;
};
