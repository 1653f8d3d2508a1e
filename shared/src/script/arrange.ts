import { readRegion } from "../flow/dominators.js";
import type { ScriptStep } from "./script.js";

/** Steps one below the other. */
export type Block = readonly Placed[];
/** A step by its place, and for each of its ways what stands indented below it, if anything does. */
export type Placed = { readonly place: number; readonly below: readonly (Block | undefined)[] };

/** What is deeper than this stands on its own, and is led to by its words. */
const MAX_DEPTH = 6;

/**
 * How the steps of a flow stand in a script: below an answer what only that leads to, and below the whole question where
 * its answers come together. Near linear.
 * @param start the step that stands first
 * @returns blocks that nothing leads to but by words, but for the first
 */
export function arrange(steps: readonly ScriptStep[], start: number | undefined): Block[] {
  return new Arranger(steps).arrange(start);
}

class Arranger {
  /** The nodes are the steps, and the ways of those that have several. */
  readonly #ways: number[][] = [];
  /** What stands directly below a node, in the order of the conversation. */
  readonly #children = new Map<number, number[]>();
  readonly #apart: number[] = [];
  readonly #steps: readonly ScriptStep[];

  constructor(steps: readonly ScriptStep[]) {
    this.#steps = steps;
  }

  arrange(start: number | undefined): Block[] {
    const next = this.#links();
    const taken = new Set<number>();
    const first = start ?? 0;
    for (const root of [first, ...this.#steps.keys()]) {
      if (taken.has(root) || root >= this.#steps.length) continue;
      this.#apart.push(root);
      const { order, above } = readRegion(next, root, taken);
      for (const node of order) {
        if (node === root) continue;
        const parent = above.get(node)!;
        const children = this.#children.get(parent) ?? [];
        if (children.push(node) === 1) this.#children.set(parent, children);
      }
    }
    const blocks: Block[] = [];
    // What is too deep is added to it meanwhile.
    for (const root of this.#apart) blocks.push(this.#block(root, 0));
    return blocks;
  }

  #links(): number[][] {
    const next: number[][] = this.#steps.map(() => []);
    for (const [place, { ways }] of this.#steps.entries()) {
      const nodes: number[] = [];
      for (const { to } of ways) {
        const leads = to === undefined ? [] : [to];
        if (ways.length === 1) next[place] = leads;
        else nodes.push(next.push(leads) - 1);
      }
      if (nodes.length > 0) next[place] = nodes;
      this.#ways.push(nodes);
    }
    return next;
  }

  #block(first: number, depth: number): Block {
    const block: Placed[] = [];
    const stack = [first];
    for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
      const ways = this.#ways[place]!;
      const below = ways.map((way) => this.#below(way, depth + 1));
      block.push({ place, below });
      const own = new Set(ways);
      const after = (this.#children.get(place) ?? []).filter((node) => !own.has(node));
      for (const node of after.reverse()) stack.push(node);
    }
    return block;
  }

  #below(way: number, depth: number): Block | undefined {
    const [first] = this.#children.get(way) ?? [];
    if (first === undefined) return undefined;
    if (depth <= MAX_DEPTH) return this.#block(first, depth);
    this.#apart.push(first);
    return undefined;
  }
}
