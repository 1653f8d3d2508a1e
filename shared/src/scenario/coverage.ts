import type { Program } from "../flow/compile.js";

/** How much of a flow some conversations come by. */
export type Coverage = {
  readonly states: Share;
  /** By the states that take them. */
  readonly answers: Share;
};
export type Share = { readonly tested: number; readonly of: number; readonly missing: readonly string[] };

/** The states that take an answer, or how a hand-off ended. */
export function answerStates(program: Program): string[] {
  const takers = new Set<string>();
  for (const items of program.choices.values()) for (const state of items.values()) takers.add(state);
  for (const { exact, other } of program.texts.values()) {
    for (const state of exact.values()) takers.add(state);
    if (other !== undefined) takers.add(other);
  }
  for (const outcomes of program.outcomes.values()) for (const state of outcomes.values()) takers.add(state);
  return [...program.states.keys()].filter((state) => takers.has(state));
}

/** What of a flow these ways pass (`path` of results), and what none of them does, in the order of the file. */
export function coverageOf(program: Program, paths: Iterable<readonly string[]>): Coverage {
  const passed = new Set<string>();
  for (const path of paths) for (const state of path) passed.add(state);
  const share = (all: readonly string[]): Share => {
    const missing = all.filter((state) => !passed.has(state));
    return { tested: all.length - missing.length, of: all.length, missing };
  };
  return { states: share([...program.states.keys()]), answers: share(answerStates(program)) };
}
