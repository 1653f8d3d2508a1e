import { type Edge, type Step, waits } from "./step-graph.js";

/** The edges of a step that is the same are the same. */
const edges = new WeakMap<Step, readonly Edge[]>();

export function edgesOf(step: Step): readonly Edge[] {
  let found = edges.get(step);
  if (!found) {
    found = makeEdges(step);
    edges.set(step, found);
  }
  return found;
}

function makeEdges({ id: from, kind, ports }: Step): Edge[] {
  const made: Edge[] = [];
  for (const port of ports) {
    const opens = waits(kind) && port.kind !== "then" && port.state === undefined;
    const targets = port.to === undefined ? [] : [port.to, ...(port.more ?? [])];
    targets.forEach((to, i) => {
      const id = `${from}\n${port.id}${i > 0 ? `\n${i + 1}` : ""}`;
      made.push({ id, from, port: port.id, to, kind: opens ? "open" : "next" });
    });
  }
  return made;
}
