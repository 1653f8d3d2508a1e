import type { Program } from "../flow/compile.js";
import type { Rename } from "../flow/rename.js";
import type { Recording } from "./recording.js";
import { difference, type Parted, type Rerun, rerun } from "./rerun.js";

/**
 * What a recorded conversation would have been on another flow. `dead-end`: it could not have gone on where it did, or
 * would not wait where it waited. `differs`: something else is said, or an answer is not taken. `state` is where first.
 */
export type WhatIf =
  | { readonly outcome: "same" }
  | { readonly outcome: "differs" | "dead-end"; readonly state?: string; readonly why?: Parted["why"] };

export type WhatIfRun = { readonly what: WhatIf; readonly rerun: Rerun };

/**
 * Plays what the visitor has said on another flow, and says what had come of it. Pure; where nothing but names differs
 * it is the same. A conversation that was cut, or that has no run, is as it is.
 */
export function whatIf(recording: Recording, program: Program, renames: readonly Rename[] = []): WhatIfRun {
  const { runs } = recording;
  const last = runs.at(-1);
  const inputs = runs.flatMap(({ input }) => input ?? []);
  const ended = last?.ended ?? false;
  const again = rerun(program, { inputs, variables: recording.variables, ended }, { renames });
  return { what: judged(recording, again, renames, ended), rerun: again };
}

function judged(recording: Recording, again: Rerun, renames: readonly Rename[], ended: boolean): WhatIf {
  const { parted, session } = again;
  const stuck = parted && (session.ended || parted.why === "failed" || parted.why === "leads-nowhere");
  if (stuck) {
    const state = parted.why === "failed" || parted.why === "leads-nowhere" ? parted.state : lastState(again);
    return told("dead-end", state, parted.why);
  }
  // Of a conversation that stopped early the runs behind are missing: that is told by why it stopped.
  const recorded = parted ? recording.runs.slice(0, again.runs.length) : recording.runs;
  const first = difference(recorded, again.runs, renames);
  if (first) return told("differs", first.state, parted?.why);
  if (parted) return told("differs", parted.state, parted.why);
  return session.ended === ended ? { outcome: "same" } : told("differs", lastState(again), undefined);
}

const told = (outcome: "differs" | "dead-end", state: string | undefined, why: Parted["why"] | undefined): WhatIf => ({
  outcome,
  ...(state !== undefined && { state }),
  ...(why !== undefined && { why }),
});

/** The state that said something last, or took the last answer. */
function lastState({ runs }: Rerun): string | undefined {
  for (const { sent, matched } of runs.toReversed()) {
    const state = sent.at(-1)?.state ?? matched;
    if (state !== undefined) return state;
  }
  return undefined;
}
