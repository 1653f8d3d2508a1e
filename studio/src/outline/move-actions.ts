import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import type { Desk } from "../app/editor/desk.js";
import { handStep } from "../canvas/hand.js";
import { moveInOrder } from "../document/commands/order.js";

/** The step in hand, and before which one it stands when it is moved; nothing when it cannot be. */
function movedBy({ editor }: Desk, by: -1 | 1): { step: string; before: string | undefined } | undefined {
  const { steps } = editor.getState().steps;
  const step = handStep({ editor });
  const at = step === undefined ? -1 : steps.indexOf(step);
  if (step === undefined || at < 0 || steps[at + by] === undefined) return undefined;
  return { step: step.id, before: steps[by === -1 ? at - 1 : at + 2]?.id };
}

/** Moves a step before another (absent: to the end) in the file. */
export function moveBefore({ editor }: Desk, step: string, before: string | undefined): void {
  const { draft, run, view } = editor.getState();
  const result = moveInOrder(draft, { step, view, ...(before !== undefined && { before }) });
  // Key by key, one undo: as a drag is.
  run(result, "Move in the file", `order ${step}`);
}

const mover = (id: "earlier" | "later", label: string, icon: Action["icon"], by: -1 | 1): Action => ({
  id,
  label,
  group: "Arrange",
  ...(icon && { icon }),
  where: "steps",
  edits: true,
  words: "order file reorder move up down first last start",
  enabled: (desk) => movedBy(desk, by) !== undefined,
  run: (desk) => {
    const moved = movedBy(desk, by);
    if (moved !== undefined) moveBefore(desk, moved.step, moved.before);
  },
});

export const MOVE_ACTIONS: readonly Action[] = [
  mover("earlier", "Move up in the file", IconArrowUp, -1),
  mover("later", "Move down in the file", IconArrowDown, 1),
];
