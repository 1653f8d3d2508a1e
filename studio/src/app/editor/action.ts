import type { TablerIcon } from "@tabler/icons-react";
import type { Desk } from "./desk.js";
import { matches } from "./keys.js";

/**
 * Something one can do in the editor: the same for keys, menus, buttons and the command palette. What a drag does is
 * also one of these.
 */
export type Action = {
  readonly id: string;
  readonly label: string;
  readonly group: "Add" | "Edit" | "Arrange" | "View" | "Go" | "File";
  readonly icon?: TablerIcon;
  /** As in keys.ts; the first is shown. */
  readonly keys?: readonly string[];
  /** A key that the browser itself makes this of (copy, paste): shown, not listened to. */
  readonly shown?: string;
  /** Where its keys work: `everywhere` in the editor, or where steps have the focus (canvas, outline). */
  readonly where: "everywhere" | "steps";
  /** It changes the flow: away while that is read-only. */
  readonly edits?: boolean;
  /** More words to find it by. */
  readonly words?: string;
  /** Left out of the list of commands: it opens that list, say. */
  readonly hidden?: boolean;
  readonly enabled?: (desk: Desk) => boolean;
  readonly run: (desk: Desk) => void;
};

/** The elements in which the keys of steps work carry this attribute. */
export const STEPS_ATTRIBUTE = "data-steps";
/** Fields with an undo of their own (a search, a dialog) carry this one: the document's undo leaves them alone. */
const OWN_UNDO_ATTRIBUTE = "data-own-undo";

/** Whether it is possible now; asked while a button is drawn, too. */
export const canRun = (action: Action, desk: Desk, readOnly: boolean): boolean =>
  !(readOnly && action.edits === true) && desk.editor.peek(() => action.enabled?.(desk) ?? true);

/** Where a letter is text. */
const TYPING =
  "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]:not([contenteditable=false])";

/** The action that a key press means here, if any; one that cannot run now has its key all the same, and does nothing. */
export function actionFor(actions: readonly Action[], event: KeyboardEvent, mac: boolean): Action | undefined {
  const target = event.target instanceof Element ? event.target : undefined;
  const typing = target?.closest(TYPING) ?? null;
  const onSteps = typing === null && target?.closest(`[${STEPS_ATTRIBUTE}]`) != null;
  if (target?.closest("[role=dialog], [role=menu]")) return undefined;
  const ownUndo = target?.closest(`[${OWN_UNDO_ATTRIBUTE}]`) != null;
  return actions.find(({ id, keys = [], where }) =>
    keys.some((key) => {
      if (ownUndo && (id === "undo" || id === "redo")) return false;
      if (where === "steps" && !onSteps) return false;
      // A letter or arrow is text while one types.
      if (typing !== null && !/^(mod|(shift\+)?f\d)/.test(key)) return false;
      return matches(key, event, mac);
    }),
  );
}
