import {
  IconLayoutAlignBottom,
  IconLayoutAlignCenter,
  IconLayoutAlignLeft,
  IconLayoutAlignMiddle,
  IconLayoutAlignRight,
  IconLayoutAlignTop,
  IconLayoutDistributeHorizontal,
  IconLayoutDistributeVertical,
  IconSitemap,
  IconSquareDashed,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import type { Desk } from "../app/editor/desk.js";
import { type Alignment, align, group, move, ungroup } from "../document/commands/drawing.js";
import { GRID } from "../theme/theme.js";

const ALIGNMENTS: readonly { to: Alignment; label: string; icon: TablerIcon; least: number }[] = [
  { to: "left", label: "Align left", icon: IconLayoutAlignLeft, least: 2 },
  { to: "centre", label: "Align centres", icon: IconLayoutAlignCenter, least: 2 },
  { to: "right", label: "Align right", icon: IconLayoutAlignRight, least: 2 },
  { to: "top", label: "Align tops", icon: IconLayoutAlignTop, least: 2 },
  { to: "middle", label: "Align middles", icon: IconLayoutAlignMiddle, least: 2 },
  { to: "bottom", label: "Align bottoms", icon: IconLayoutAlignBottom, least: 2 },
  { to: "across", label: "Space evenly across", icon: IconLayoutDistributeHorizontal, least: 3 },
  { to: "down", label: "Space evenly down", icon: IconLayoutDistributeVertical, least: 3 },
];

const MOVES = [
  { key: "arrowleft", label: "Move left", x: -GRID, y: 0 },
  { key: "arrowright", label: "Move right", x: GRID, y: 0 },
  { key: "arrowup", label: "Move up", x: 0, y: -GRID },
  { key: "arrowdown", label: "Move down", x: 0, y: GRID },
] as const;

function selectedSteps({ editor }: Desk): string[] {
  const { selection, steps } = editor.getState();
  return selection.filter((id) => steps.byId.has(id));
}

/** What is in hand is still seen where it was moved to, once that is drawn. */
function follow({ canvas, editor }: Desk): void {
  requestAnimationFrame(() => {
    const item = editor.getState().selection.at(-1);
    if (item !== undefined) canvas.current?.reveal(item);
  });
}

const groupsOf = ({ editor }: Desk): string[] => {
  const { selection, draft, steps } = editor.getState();
  const selected = new Set(selection);
  return (draft.layout.groups ?? [])
    .filter(
      ({ id, states }) =>
        selected.has(`group:${id}`) || states.some((state) => selected.has(steps.stepOf.get(state) ?? state)),
    )
    .map(({ id }) => id);
};

export const ARRANGE_ACTIONS: readonly Action[] = [
  {
    id: "tidy",
    label: "Tidy up",
    group: "Arrange",
    icon: IconSitemap,
    keys: ["shift+alt+t"],
    where: "everywhere",
    edits: true,
    words: "layout arrange automatic order clean",
    enabled: ({ canvas }) => canvas.current !== undefined,
    run: ({ canvas }) => void canvas.current?.tidy(),
  },
  {
    id: "tidy-selection",
    label: "Tidy up the selection",
    group: "Arrange",
    icon: IconSitemap,
    where: "steps",
    edits: true,
    words: "layout arrange automatic",
    enabled: (desk) => desk.canvas.current !== undefined && selectedSteps(desk).length > 1,
    run: (desk) => void desk.canvas.current?.tidy(selectedSteps(desk)).then(() => follow(desk)),
  },
  ...ALIGNMENTS.map(
    ({ to, label, icon, least }): Action => ({
      id: `align-${to}`,
      label,
      group: "Arrange",
      icon,
      where: "steps",
      edits: true,
      enabled: (desk) => desk.canvas.current !== undefined && selectedSteps(desk).length >= least,
      run: (desk) => {
        const { canvas, editor } = desk;
        const boxes = canvas.current?.boxes(selectedSteps(desk)) ?? [];
        const { draft, run } = editor.getState();
        const result = align(draft, { boxes, to });
        run(canvas.current?.settled(result) ?? result, label);
        follow(desk);
      },
    }),
  ),
  ...MOVES.map(
    ({ key, label, x, y }): Action => ({
      id: `move-${key.slice(5)}`,
      label,
      group: "Arrange",
      keys: [`alt+${key}`],
      where: "steps",
      edits: true,
      enabled: ({ canvas, editor }) => canvas.current !== undefined && editor.getState().selection.length > 0,
      run: (desk) => {
        const { canvas, editor } = desk;
        const { draft, run, selection } = editor.getState();
        const boxes = canvas.current?.boxes(selection) ?? [];
        const positions = boxes.map((box) => ({ item: box.step, to: { x: box.x + x, y: box.y + y } }));
        const result = move(draft, { positions });
        // Key by key, one undo: as a drag is.
        run(canvas.current?.settled(result) ?? result, "Move", `move ${selection.join(" ")}`);
        follow(desk);
      },
    }),
  ),
  {
    id: "group",
    label: "Group",
    group: "Arrange",
    icon: IconSquareDashed,
    keys: ["mod+g"],
    where: "steps",
    edits: true,
    words: "frame together",
    enabled: (desk) => selectedSteps(desk).length > 0,
    run: (desk) => {
      const { draft, run, newId } = desk.editor.getState();
      run(group(draft, { id: newId(), steps: selectedSteps(desk) }), "Group");
    },
  },
  {
    id: "ungroup",
    label: "Ungroup",
    group: "Arrange",
    keys: ["mod+shift+g"],
    where: "steps",
    edits: true,
    enabled: (desk) => groupsOf(desk).length > 0,
    run: (desk) =>
      desk.editor.getState().run(ungroup(desk.editor.getState().draft, { ids: groupsOf(desk) }), "Ungroup"),
  },
];
