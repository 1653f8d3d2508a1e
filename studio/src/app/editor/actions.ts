import { ADD_ACTIONS } from "../../canvas/add-actions.js";
import { ARRANGE_ACTIONS } from "../../canvas/arrange-actions.js";
import { EDIT_ACTIONS } from "../../canvas/edit-actions.js";
import { VIEW_ACTIONS } from "../../canvas/view-actions.js";
import type { Action } from "./action.js";
import { PANEL_ACTIONS } from "./panels.js";

/** Everything one can do in the editor, for keys, menus and the command palette. */
export const ACTIONS: readonly Action[] = [
  ...ADD_ACTIONS,
  ...EDIT_ACTIONS,
  ...ARRANGE_ACTIONS,
  ...VIEW_ACTIONS,
  ...PANEL_ACTIONS,
];
