import { describe, named } from "../wording.js";
import { type Checked, inState } from "./rule.js";

/** A request that opens something and goes on at once. */
export function questionWithNext({ model, report }: Checked): void {
  for (const state of model.states) {
    if (state.next === undefined || !(state.group || state.starts)) continue;
    report.add("question-with-next", inState(state, "next"), () => ({
      message: `State ${named(state.name)}: it opens something and has "next", so the run goes on without waiting for the answer.`,
      plain: `${describe(state)} does not wait for its answer: the bot goes on at once.`,
    }));
  }
}
