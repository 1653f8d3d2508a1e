import type { Desk } from "../app/editor/desk.js";

/** Opens the view in which the file is edited as text, with the keyboard in it. */
export function openText(desk: Desk): void {
  desk.actions.find(({ id }) => id === "open-json")?.run(desk);
}
