import { reachable } from "../graph.js";
import type { ModelState } from "../model.js";
import { describe, named } from "../wording.js";
import { type Checked, inState } from "./rule.js";

/** No path from the start, answers included, comes here. What is broken itself has its own finding and counts as reached. */
export function unreachable({ model, graph, report }: Checked): void {
  const hasOwnFinding = (state: ModelState) =>
    state.broken || (state.matches !== undefined && state.matches.openers.length === 0);
  const roots = model.states.filter((state) => state.index === 0 || hasOwnFinding(state));
  const seen = reachable(
    graph,
    roots.map((state) => state.index),
  );
  for (const state of model.states) {
    if (seen[state.index]) continue;
    report.add("unreachable", inState(state), () => ({
      message: `State ${named(state.name)}: no path from the start reaches it.`,
      plain: `${describe(state)} can never be reached.`,
    }));
  }
}

/** The bot has nothing to say to an answer. */
export function deadEnd({ model, report }: Checked): void {
  for (const state of model.states) {
    // Where a person has said all there is to say, the bot may stay silent.
    if (!state.matches || state.goesOn || (state.matches.handOff && state.matches.id === "closed")) continue;
    report.add("dead-end", inState(state), () => ({
      message: `State ${named(state.name)}: it has no "next", so the bot stays silent after ${state.matches?.handOff ? "it" : "this answer"}.`,
      plain: `${describe(state)} leads nowhere: the bot stays silent after it.`,
    }));
  }
}
