import { type Action, STEPS_ATTRIBUTE } from "../app/editor/action.js";
import { showPanel } from "../app/editor/bench.js";
import type { Panel } from "../app/editor/panels.js";

/** Opens a panel and puts the keyboard in it. */
export const openPanel = ({ id, title, icon, place }: Panel): Action => ({
  id: `open-${id}`,
  label: `Open: ${title}`,
  group: "View",
  icon,
  where: "everywhere",
  words: "panel show view go to",
  run: ({ bench }) => {
    showPanel(bench, place, id);
    // It may be drawn for the first time, and what it holds loaded.
    focusIn(title, 20);
  },
});

/** What a panel is for, before what stands around it. */
const BEST = `[${STEPS_ATTRIBUTE}], .cm-content`;
const FOCUSABLE = "[tabindex='0'], input:not([type=radio]), input:checked, textarea, select, button:not([disabled])";

function focusIn(title: string, tries: number): void {
  const panel = document.querySelector(`:is(aside, section)[aria-label=${JSON.stringify(title)}]`);
  const content = panel?.querySelector("[role=tabpanel]") ?? panel;
  const first = content?.querySelector<HTMLElement>(BEST) ?? content?.querySelector<HTMLElement>(FOCUSABLE);
  if (first) first.focus();
  else if (tries > 0) setTimeout(() => focusIn(title, tries - 1), 50);
}
