import type { Desk } from "../app/editor/desk.js";
import { addNew, insertOnEdge, type NewKind } from "../document/commands/add.js";
import type { CommandResult, PortRef } from "../document/commands/command.js";
import type { Step } from "../document/steps.js";

const LABEL = "Add a step";

/** What the canvas adds to a command that places something, if there is one on the screen. */
const settled = ({ canvas }: Desk, result: CommandResult): CommandResult => canvas.current?.settled(result) ?? result;

/** A new step dropped on a step: it follows it, on its way out that is free or on its only one; else it stands alone. */
export function addOnto(desk: Desk, kind: NewKind, step: Step): void {
  const port = step.ports.find(({ to }) => to === undefined) ?? (step.ports.length === 1 ? step.ports[0] : undefined);
  if (port !== undefined) return addAt(desk, kind, { step: step.id, port: port.id });
  // All its ways out are taken: which one was meant cannot be known.
  addAlone(desk, kind);
}

/** A new step dropped on a way out: it follows there, and what followed before follows it. */
export function addAt(desk: Desk, kind: NewKind, after: PortRef): void {
  const { draft, run, steps } = desk.editor.getState();
  const port = steps.byId.get(after.step)?.ports.find(({ id }) => id === after.port);
  if (port?.to === undefined) {
    const at = desk.canvas.current?.place(kind, after);
    return run(settled(desk, addNew(draft, kind, { after, ...(at && { at }) })), LABEL);
  }
  const result = insertOnEdge(draft, { edge: after, kind });
  run(desk.canvas.current?.between(result, after, undefined) ?? result, LABEL);
}

/** A new step that nothing leads to, where there is room. */
export function addAlone(desk: Desk, kind: NewKind): void {
  const { draft, run } = desk.editor.getState();
  const at = desk.canvas.current?.place(kind);
  run(settled(desk, addNew(draft, kind, { ...(at && { at }) })), LABEL);
}
