import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconClipboard,
  IconCopy,
  IconCopyPlus,
  IconCut,
  IconFlag,
  IconLinkOff,
  IconPencil,
  IconTag,
  IconTrash,
} from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { showPanel } from "../app/editor/bench.js";
import type { Desk } from "../app/editor/desk.js";
import { duplicate } from "../document/clipboard.js";
import { itemKey } from "../document/commands/command.js";
import { disconnect, setStart } from "../document/commands/connect.js";
import { canReconnect, remove } from "../document/commands/remove.js";
import { caretOf } from "../inspector/caret.js";
import { goToWords } from "../inspector/gestures.js";
import { editOnCard } from "../writing/on-card.js";
import { copySelection, cutSelection, keptClip, pasteText, writeClipboard } from "./clip.js";
import { handEdge, handStep } from "./hand.js";

const isSelected = ({ editor }: Desk) => editor.getState().selection.length > 0;

/** Takes away what is selected, and offers to lead past it. */
function removeSelected(desk: Desk, reconnect: boolean): void {
  const { bench, editor } = desk;
  const { edge } = bench.getState();
  const { draft, run, selection } = editor.getState();
  if (edge !== undefined) {
    run(disconnect(draft, { from: edge }), "Remove a connection");
    bench.setState({ edge: undefined });
    return;
  }
  if (selection.length === 0) return;
  const offer = !reconnect && canReconnect(draft, selection);
  run(remove(draft, { items: selection, reconnect }), "Delete");
  if (!offer || editor.getState().draft === draft) return;
  const id = "reconnect";
  const after = editor.getState().draft;
  const lead = () => {
    notifications.hide(id);
    // Only what was just deleted can be led past: after another edit the offer is void.
    if (editor.getState().draft !== after) return;
    editor.getState().undo();
    editor.getState().run(remove(editor.getState().draft, { items: selection, reconnect: true }), "Delete");
  };
  notifications.show({
    id,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>Deleted. What led here ends now.</span>
        <Button size="compact-sm" variant="light" onClick={lead}>
          Lead past it
        </Button>
      </Group>
    ),
  });
}

export const EDIT_ACTIONS: readonly Action[] = [
  {
    id: "undo",
    label: "Undo",
    group: "Edit",
    icon: IconArrowBackUp,
    keys: ["mod+z"],
    where: "everywhere",
    edits: true,
    enabled: ({ editor }) => editor.getState().canUndo,
    run: ({ editor }) => editor.getState().undo(),
  },
  {
    id: "redo",
    label: "Redo",
    group: "Edit",
    icon: IconArrowForwardUp,
    keys: ["mod+shift+z", "mod+y"],
    where: "everywhere",
    edits: true,
    enabled: ({ editor }) => editor.getState().canRedo,
    run: ({ editor }) => editor.getState().redo(),
  },
  {
    id: "edit-text",
    label: "Edit the text",
    group: "Edit",
    icon: IconPencil,
    keys: ["enter", "f2"],
    where: "steps",
    edits: true,
    enabled: ({ editor }) => editor.getState().selection.length === 1,
    run: (desk) => {
      const step = handStep(desk);
      if (step === undefined) return goToWords(desk, desk.editor.getState().selection[0]!);
      const { port } = desk.bench.getState();
      const focus = port?.step === step.id ? { step: step.id, field: "port" as const, port: port.port } : undefined;
      const at = focus ?? ({ step: step.id, field: "text" } as const);
      // A list of steps has no cards: there it is edited in the panel.
      const inPanel = document.activeElement?.closest("aside") != null;
      if (inPanel) caretOf(desk.editor).setState({ onCards: false });
      if (inPanel || !editOnCard(desk, at)) desk.editor.getState().run({ changes: [], focus: at }, "Edit");
    },
  },
  {
    id: "name",
    label: "Name in the file",
    group: "Edit",
    icon: IconTag,
    keys: ["n"],
    where: "steps",
    words: "details rename id state",
    enabled: (desk) => handStep(desk) !== undefined,
    run: (desk) => {
      showPanel(desk.bench, "right", "inspector");
      caretOf(desk.editor).setState({ wanted: { step: handStep(desk)!.id, field: "name" } });
    },
  },
  {
    id: "copy",
    label: "Copy",
    group: "Edit",
    icon: IconCopy,
    where: "steps",
    shown: "mod+c",
    enabled: isSelected,
    run: (desk) => writeClipboard(copySelection(desk)),
  },
  {
    id: "cut",
    label: "Cut",
    group: "Edit",
    icon: IconCut,
    where: "steps",
    shown: "mod+x",
    edits: true,
    enabled: isSelected,
    run: (desk) => writeClipboard(cutSelection(desk)),
  },
  {
    id: "paste",
    label: "Paste",
    group: "Edit",
    icon: IconClipboard,
    where: "steps",
    shown: "mod+v",
    edits: true,
    enabled: () => keptClip() !== undefined,
    run: (desk) => pasteText(desk, keptClip() ?? "", desk.bench.getState().menu?.at),
  },
  {
    id: "duplicate",
    label: "Duplicate",
    group: "Edit",
    icon: IconCopyPlus,
    keys: ["mod+d"],
    where: "steps",
    edits: true,
    enabled: isSelected,
    run: (desk) => {
      const { draft, run, selection, newId } = desk.editor.getState();
      const result = duplicate(draft, { items: selection, ids: newId });
      run(desk.canvas.current?.settled(result) ?? result, "Duplicate");
    },
  },
  {
    id: "delete",
    label: "Delete",
    group: "Edit",
    icon: IconTrash,
    keys: ["delete", "backspace"],
    where: "steps",
    edits: true,
    words: "remove erase",
    enabled: (desk) => isSelected(desk) || desk.bench.getState().edge !== undefined,
    run: (desk) => removeSelected(desk, false),
  },
  {
    id: "delete-reconnect",
    label: "Delete and lead past it",
    group: "Edit",
    icon: IconTrash,
    keys: ["mod+delete", "mod+backspace"],
    where: "steps",
    edits: true,
    words: "remove reconnect neighbours",
    enabled: ({ editor }) => canReconnect(editor.getState().draft, editor.getState().selection),
    run: (desk) => removeSelected(desk, true),
  },
  {
    id: "disconnect",
    label: "Remove the connection",
    group: "Edit",
    icon: IconLinkOff,
    keys: ["shift+delete", "shift+backspace"],
    where: "steps",
    edits: true,
    words: "disconnect unlink edge",
    enabled: (desk) => handEdge(desk) !== undefined,
    run: (desk) => {
      const { draft, run } = desk.editor.getState();
      run(disconnect(draft, { from: handEdge(desk)! }), "Remove a connection");
    },
  },
  {
    id: "start-here",
    label: "Start here",
    group: "Edit",
    icon: IconFlag,
    where: "steps",
    edits: true,
    words: "first flag begin",
    enabled: (desk) => handStep(desk)?.start === false,
    run: (desk) => {
      const { draft, run } = desk.editor.getState();
      run(setStart(draft, { step: handStep(desk)!.id }), "Start here");
    },
  },
  {
    id: "select-all",
    label: "Select all",
    group: "Edit",
    keys: ["mod+a"],
    where: "steps",
    run: ({ editor }) => {
      const { steps, draft, select } = editor.getState();
      const notes = (draft.layout.notes ?? []).map(({ id }) => itemKey("note", id));
      select([...steps.steps.map(({ id }) => id), ...notes]);
    },
  },
];
