import { toPointer } from "../pointer.js";
import { describe, named } from "../wording.js";
import { type Checked, inState } from "./rule.js";

/** A hand-off waits for a person, whatever its `next` says. */
export function handOffWithNext({ model, report }: Checked): void {
  for (const state of model.states) {
    if (!state.handOff || state.next === undefined) continue;
    report.add("hand-off-with-next", inState(state, "next"), () => ({
      message: `State ${named(state.name)}: a HandOff has no "next"; what follows it are the states that match its HandOffResult.`,
      plain: `${describe(state)} waits for a person, and cannot lead on by itself.`,
      fix: {
        label: "Take the connection away",
        changes: [{ kind: "remove", pointer: toPointer([state.name, "next"]) }],
      },
    }));
  }
}

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
