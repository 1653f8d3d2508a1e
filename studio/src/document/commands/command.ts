import type { Point } from "@parley/shared/flow/layout";
import type { Change } from "../change.js";
import type { Draft } from "../draft.js";

/** What a gesture does, for `editor.run`. A gesture that cannot be done has no changes and says why in `refused`. */
export type CommandResult = {
  readonly changes: Change[];
  /** What is selected afterwards: steps by id, notes and groups by `itemKey`. */
  readonly select?: string[];
  /** The text that is to be edited next. */
  readonly focus?: TextRef;
  /** What was done beyond the obvious, one sentence: "Also removed 2 answers." */
  readonly says?: string;
  /** Why nothing was done, one sentence. */
  readonly refused?: string;
  /** Steps whose names may now follow their content (see names.ts). */
  readonly follow?: string[];
};

/** A way out of a step, by the ids of `StepGraph`. Works for both views. */
export type PortRef = { readonly step: string; readonly port: string };

/** A text of a step: its main text, a text question's placeholder, an answer's words, an expected text. */
export type TextRef = {
  readonly step: string;
  readonly field: "text" | "prompt" | "port";
  /** With `port`: which one. */
  readonly port?: string;
};

/** Where a new step goes. With nothing given it stands alone, at the end of the file. */
export type Where = {
  /** This port leads to it. */
  readonly after?: PortRef;
  /** Where `after` led before, the new step leads now: an insertion on that edge. */
  readonly insert?: boolean;
  /** The conversation begins with it; with `insert` it leads to the start of before. */
  readonly start?: boolean;
  readonly at?: Point;
};

/** The key of a note or group in a selection. A step's key is its id. */
export const itemKey = (kind: "note" | "group", id: string): string => `${kind}:${id}`;

/** What a key of a selection names. A step whose name looks like another's key is the step. */
export function itemOf(
  { flow }: Draft,
  key: string,
): { readonly kind: "step" | "note" | "group"; readonly id: string } {
  const [, kind, id] = /^(note|group):(.*)$/s.exec(key) ?? [];
  if (id === undefined || Object.hasOwn(flow, key)) return { kind: "step", id: key };
  return { kind: kind === "note" ? "note" : "group", id };
}

/** A gesture that cannot be done. */
export const refuse = (refused: string): CommandResult => ({ changes: [], refused });
