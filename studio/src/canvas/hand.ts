import type { Desk } from "../app/editor/desk.js";
import type { PortRef } from "../document/commands/command.js";
import type { Step } from "../document/steps.js";

/** The one selected step, if it is one. */
export function handStep({ editor }: Pick<Desk, "editor">): Step | undefined {
  const { selection, steps } = editor.getState();
  return selection.length === 1 ? steps.byId.get(selection[0]!) : undefined;
}

/** The edge in hand: one that was clicked, or the way on of the port or step that is selected. */
export function handEdge(desk: Desk): PortRef | undefined {
  const { edge } = desk.bench.getState();
  if (edge !== undefined) return edge;
  const { steps } = desk.editor.getState();
  const port = handPort(desk, "taken");
  return port !== undefined &&
    steps.byId.get(port.step)?.ports.some(({ id, to }) => id === port.port && to !== undefined)
    ? port
    : undefined;
}

/**
 * The way out to go on from: the one in hand, else the only one of the selected step, else its first that is still free
 * (or, with `taken`, its first that leads somewhere).
 */
export function handPort(desk: Desk, prefer: "free" | "taken" = "free"): PortRef | undefined {
  const step = handStep(desk);
  if (step === undefined) return undefined;
  const { port } = desk.bench.getState();
  if (port?.step === step.id && step.ports.some(({ id }) => id === port.port)) return port;
  const found =
    step.ports.length === 1 ? step.ports[0] : step.ports.find(({ to }) => (to === undefined) === (prefer === "free"));
  return found && { step: step.id, port: found.id };
}
