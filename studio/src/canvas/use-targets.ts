import { useEditor } from "../app/editor/desk.js";
import type { Step } from "../document/steps.js";

/**
 * Draws a card again when a step that it leads to is called otherwise: its own words name that. Not while it is seen from
 * `far`, where thousands may be drawn and none is read.
 */
export function useTargets({ ports }: Step, far: boolean): void {
  useEditor(({ steps }) => (far ? "" : ports.map(({ to }) => to && steps.byId.get(to)?.title).join("\n")));
}
