import { IconPlayerPlay, IconRefresh } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { showPanel } from "../app/editor/bench.js";
import type { Desk } from "../app/editor/desk.js";
import { previewOf } from "./preview-store.js";

const linkOf = ({ editor }: Desk) => previewOf(editor).getState().link;
const traceOf = ({ editor }: Desk) => previewOf(editor).getState().trace;

/** The step in hand, where a preview can begin. */
function stepInHand({ editor }: Desk): string | undefined {
  const { selection, steps } = editor.getState();
  const step = selection.length === 1 ? steps.byId.get(selection[0]!) : undefined;
  return step?.id;
}

export const PREVIEW_ACTIONS: readonly Action[] = [
  {
    id: "preview-here",
    label: "Preview from here",
    group: "View",
    icon: IconPlayerPlay,
    keys: ["p"],
    where: "steps",
    words: "play test start try",
    enabled: (desk) => stepInHand(desk) !== undefined,
    run: (desk) => {
      const start = stepInHand(desk);
      if (start === undefined) return;
      const link = linkOf(desk);
      if (link) return link.move({ start });
      showPanel(desk.bench, "preview", "preview");
      // It begins there as soon as it is on the screen.
      const stop = previewOf(desk.editor).subscribe(({ link }) => {
        if (!link) return;
        stop();
        link.move({ start });
      });
    },
  },
  {
    id: "preview-over",
    label: "Start the preview over",
    group: "View",
    icon: IconRefresh,
    keys: ["shift+p"],
    where: "steps",
    words: "play again restart",
    enabled: (desk) => linkOf(desk) !== undefined,
    run: (desk) => linkOf(desk)?.move({ inputs: [] }),
  },
  {
    id: "preview-back",
    label: "Preview: one answer back",
    group: "View",
    keys: ["["],
    where: "steps",
    words: "time earlier moment",
    enabled: (desk) => (traceOf(desk)?.at ?? 0) > 0,
    run: (desk) => linkOf(desk)?.stepBy(-1),
  },
  {
    id: "preview-on",
    label: "Preview: one answer on",
    group: "View",
    keys: ["]"],
    where: "steps",
    words: "time later moment",
    enabled: (desk) => (traceOf(desk)?.at ?? 0) < (traceOf(desk)?.inputs.length ?? 0),
    run: (desk) => linkOf(desk)?.stepBy(1),
  },
];
