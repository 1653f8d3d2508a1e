import { type Graph, stepsOf } from "./graph.js";
import type { Answer, Model, ModelState } from "./model.js";

/** So many steps for each state, over all ids together. */
const STEPS_PER_STATE = 20;
/** Ids that one pass follows: the bits of a number. */
const WIDTH = 31;

export type ComingBefore = {
  /** Whether some path from the start comes to `state` before `id` is answered. */
  readonly before: (id: string, state: ModelState) => boolean;
  /** Some ids were left out: there were too many for the size of the flow. */
  readonly stopped: boolean;
  readonly steps: number;
};

/**
 * For each id the states that a path from the start reaches without passing one of the id's answers. A data-flow
 * analysis with 31 ids at a time: a node is worked on again only when an id comes to it that had not come before.
 */
export function comingBefore(
  model: Model,
  graph: Graph,
  ids: readonly string[],
  answersOf: (id: string) => readonly Answer[],
): ComingBefore {
  const limit = STEPS_PER_STATE * model.states.length;
  const passes: Int32Array[] = [];
  let steps = 0;
  while (passes.length * WIDTH < ids.length) {
    const some = ids.slice(passes.length * WIDTH, (passes.length + 1) * WIDTH);
    const answering = new Int32Array(graph.size);
    some.forEach((id, bit) => {
      // The answer, not the state that matches it: a run may begin at such a state, or pass it by `next`.
      for (const answer of answersOf(id)) answering[model.states.length + answer.index]! |= 1 << bit;
    });
    const { reached, taken, stopped } = pass(
      graph,
      model.states.length,
      answering,
      2 ** some.length - 1,
      limit - steps,
    );
    // To make the lists of a pass counts too, though little: else ids that lead nowhere would cost nothing.
    steps += taken + (graph.size >> 4);
    if (stopped) break;
    passes.push(reached);
  }
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const before = (id: string, state: ModelState) => {
    const number = numbers.get(id) ?? Number.POSITIVE_INFINITY;
    const reached = passes[Math.floor(number / WIDTH)];
    return reached !== undefined && (reached[state.index]! & (1 << (number % WIDTH))) !== 0;
  };
  return { before, stopped: passes.length * WIDTH < ids.length, steps };
}

function pass(graph: Graph, states: number, answering: Int32Array, all: number, limit: number) {
  const reached = new Int32Array(graph.size);
  const waits = new Uint8Array(graph.size);
  let todo: number[] = [0];
  let taken = 0;
  reached[0] = all;
  // In rounds, so that what comes to a node by several paths is mostly worked on together.
  while (todo.length > 0) {
    const nodes = todo;
    todo = [];
    for (const node of nodes) {
      if (taken >= limit) return { reached, taken, stopped: true };
      taken += stepsOf(graph, node, states);
      waits[node] = 0;
      const out = reached[node]! & ~answering[node]!;
      if (out === 0) continue;
      for (let edge = graph.offsets[node]!; edge < graph.offsets[node + 1]!; edge++) {
        const to = graph.edges[edge]!;
        if ((reached[to]! | out) === reached[to]) continue;
        reached[to]! |= out;
        if (waits[to]) continue;
        waits[to] = 1;
        todo.push(to);
      }
    }
  }
  return { reached, taken, stopped: false };
}
