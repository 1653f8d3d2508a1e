import type { Program } from "../flow/compile.js";

/**
 * The states that a run passes which begins at `from`: those that send nothing included, up to its end or to what is
 * broken. Each once, whatever the flow.
 */
export function statesFrom(program: Program, from: string | undefined): string[] {
  const passed = new Set<string>();
  for (let name = from; name !== undefined && !passed.has(name); ) {
    const state = program.states.get(name);
    if (!state) break;
    passed.add(name);
    name = state.next;
  }
  return [...passed];
}
