import type { Answer, Model, ModelState } from "./model.js";

/**
 * Where a conversation may go from each state. The nodes are the states and, behind them, the answers: a state leads to
 * its `next` and to every answer it opens, an answer to every state that matches it. Its size is that of the flow,
 * however many requests and matches share an id. Answers that nothing matches lead nowhere and are left out.
 */
export type Graph = { readonly size: number; readonly offsets: Int32Array; readonly edges: Int32Array };

export function readGraph({ states, answers }: Model): Graph {
  const edges: number[] = [];
  const offsets = new Int32Array(states.length + answers.length + 1);
  /** The state that led to an answer last: the same item twice in a question is one edge. */
  const ledBy = new Int32Array(answers.length).fill(-1);
  const open = (state: ModelState, answer: Answer) => {
    if (answer.matches.length === 0 || ledBy[answer.index] === state.index) return;
    ledBy[answer.index] = state.index;
    edges.push(states.length + answer.index);
  };
  for (const state of states) {
    if (state.target >= 0) edges.push(state.target);
    for (const item of state.items ?? []) open(state, item.answer);
    if (state.starts) open(state, state.starts.answer);
    for (const answer of state.outcomes ?? []) open(state, answer);
    offsets[state.index + 1] = edges.length;
  }
  for (const answer of answers) {
    for (const match of answer.matches) edges.push(match.index);
    offsets[states.length + answer.index + 1] = edges.length;
  }
  return { size: states.length + answers.length, offsets, edges: Int32Array.from(edges) };
}

/** What a bounded search counts for a node: one step for a state with up to eight ways out, answers come with them. */
export function stepsOf({ offsets }: Graph, node: number, states: number): number {
  const ways = offsets[node + 1]! - offsets[node]!;
  return (node < states ? 1 : 0) + (ways >> 3);
}

/** From which nodes one of the goals can be reached, the goals included. */
export function reachableBack(graph: Graph, goals: Iterable<number>): Uint8Array {
  const { size, offsets, edges } = graph;
  const back = new Int32Array(size + 1);
  for (const to of edges) back[to + 1]! += 1;
  for (let node = 0; node < size; node++) back[node + 1]! += back[node]!;
  const places = back.slice();
  const sources = new Int32Array(edges.length);
  for (let node = 0; node < size; node++) {
    for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
      const to = edges[edge]!;
      sources[places[to]!] = node;
      places[to]! += 1;
    }
  }
  return reachable({ size, offsets: back, edges: sources }, goals);
}

/** Which nodes can be reached from the roots, the roots included. */
export function reachable({ size, offsets, edges }: Graph, roots: Iterable<number>): Uint8Array {
  const seen = new Uint8Array(size);
  const todo: number[] = [];
  const visit = (node: number) => {
    if (seen[node]) return;
    seen[node] = 1;
    todo.push(node);
  };
  for (const root of roots) visit(root);
  while (todo.length > 0) {
    const node = todo.pop()!;
    for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) visit(edges[edge]!);
  }
  return seen;
}
