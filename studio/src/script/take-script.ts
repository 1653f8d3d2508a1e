import { isBlank } from "@parley/shared/flow/blank";
import type { Point } from "@parley/shared/flow/layout";
import { readScript } from "@parley/shared/script/read-script";
import type { Desk } from "../app/editor/desk.js";
import { around } from "../canvas/size.js";
import type { Change } from "../document/change.js";
import { putFlow, takenFor } from "../document/commands/put-flow.js";
import type { Draft } from "../document/draft.js";
import { NEW_TITLE, titleByWords } from "../document/first-title.js";
import { laidOut } from "./use-script-desk.js";

/**
 * Puts a script in as steps, laid out: one undo. Where it is the whole flow its start is in hand, else all of it, so that
 * it can be moved.
 */
export async function takeScript(desk: Desk, text: string, at: Point | undefined): Promise<void> {
  const { draft, run } = desk.editor.getState();
  const { flow } = readScript(text, takenFor(draft));
  // Where the layout cannot be loaded, the canvas finds places for them.
  const { layout } = await laidOut(flow).catch((): Pick<Draft, "layout"> => ({ layout: {} }));
  // Somebody went on editing meanwhile: names that were free may be taken.
  if (desk.editor.getState().draft !== draft) return takeScript(desk, text, at);
  const places = new Map(Object.entries(layout.positions ?? {}));
  const shift = shiftFor(desk, [...places.values()], at);
  const positions = new Map([...places].map(([name, { x, y }]) => [name, { x: x + shift.x, y: y + shift.y }] as const));
  const result = putFlow(draft, { flow, positions });
  const { select: steps = [] } = result;
  const isWhole = isBlank(draft.flow);
  // Nobody has named it yet: its first words do.
  const value = isWhole && (draft.settings.title ?? NEW_TITLE) === NEW_TITLE ? titleByWords(flow) : undefined;
  const named: Change[] = value === undefined ? [] : [{ kind: "setting", key: "title", value, follows: true }];
  const taken = { ...result, changes: [...result.changes, ...named], select: isWhole ? steps.slice(0, 1) : steps };
  run(desk.canvas.current?.settled(taken) ?? taken, "Take a script");
  requestAnimationFrame(() => desk.canvas.current?.show(steps));
}

/** Its top left corner goes where it was pasted, else below all that is there. */
function shiftFor({ canvas, editor }: Desk, places: readonly Point[], at: Point | undefined): Point {
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  const there = around(canvas.current?.boxes(editor.getState().steps.steps.map(({ id }) => id)) ?? []);
  const corner = at ?? (there ? { x: there.x, y: there.y + there.height + BELOW } : { x: 0, y: 0 });
  return { x: Math.round(corner.x - left), y: Math.round(corner.y - top) };
}
const BELOW = 80;
