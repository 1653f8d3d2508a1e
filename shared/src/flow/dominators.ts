/** A graph by numbers: `next[i]` are the nodes that node `i` leads to, in order. */
export type Links = readonly (readonly number[])[];

/** What is reached from one node, in an order in which each comes after what leads to it (loops aside). */
export type Region = {
  readonly order: readonly number[];
  /** The one node that every way to a node passes last; of the first, itself. */
  readonly above: ReadonlyMap<number, number>;
};

/**
 * Reads what is reached from `first` without passing what `taken` holds already; all of it is added to `taken`.
 * Near linear (Cooper, Harvey, Kennedy: A simple, fast dominance algorithm).
 */
export function readRegion(next: Links, first: number, taken: Set<number>): Region {
  const order = reach(next, first, taken).reverse();
  const place = new Map(order.map((node, index) => [node, index]));
  const before: number[][] = order.map(() => []);
  for (const [index, node] of order.entries()) {
    for (const to of next[node]!) {
      const at = place.get(to);
      if (at !== undefined) before[at]!.push(index);
    }
  }
  // By places in `order`: what is above always stands before.
  const above = new Int32Array(order.length).fill(-1);
  above[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = 1; at < order.length; at++) {
      let found = -1;
      for (const from of before[at]!) {
        if (above[from] !== -1) found = found === -1 ? from : meet(above, found, from);
      }
      if (above[at] !== found) {
        above[at] = found;
        changed = true;
      }
    }
  }
  return { order, above: new Map(order.map((node, at) => [node, order[above[at]!]!])) };
}

/** The nearest node above both. */
function meet(above: Int32Array, a: number, b: number): number {
  let left = a;
  let right = b;
  while (left !== right) {
    while (left > right) left = above[left]!;
    while (right > left) right = above[right]!;
  }
  return left;
}

/** Depth first, each node behind all that it leads to; the last of several ways is walked first. */
function reach(next: Links, first: number, taken: Set<number>): number[] {
  const done: number[] = [];
  const stack: { readonly node: number; left: number }[] = [];
  const enter = (node: number) => {
    taken.add(node);
    stack.push({ node, left: next[node]!.length });
  };
  if (!taken.has(first)) enter(first);
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    if (top.left === 0) {
      done.push(top.node);
      stack.pop();
      continue;
    }
    top.left -= 1;
    const to = next[top.node]![top.left]!;
    if (!taken.has(to)) enter(to);
  }
  return done;
}
