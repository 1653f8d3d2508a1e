import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { showPanel } from "../app/editor/bench.js";
import type { Desk } from "../app/editor/desk.js";
import { FLOW_FILES, readFlowFiles } from "../app/flows/read-flow-files.js";
import type { Draft } from "../document/draft.js";
import { readText } from "../json-view/read-text.js";
import { takeAlong } from "../pictures/take-along.js";
import { takeTypebot } from "../typebot/take-typebot.js";
import { keptLayout } from "./kept-layout.js";

/** Lets one choose files and opens them in place of what is here. */
export function chooseFile(desk: Desk): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = FLOW_FILES;
  input.multiple = true;
  input.addEventListener("change", () => void openFiles(desk, [...(input.files ?? [])]));
  input.click();
}

/** Opens a flow's file (with what lies beside it) in place of the open flow. One undo brings that back. */
export async function openFiles(desk: Desk, files: readonly File[]): Promise<void> {
  try {
    const read = await takeTypebot(await readFlowFiles(files));
    if (read === undefined) return;
    const { file, pictures } = read;
    const { text, name = "The file", layout, settings } = file;
    await judge(layout, settings);
    if (pictures !== undefined) await takeAlong(desk.api, desk.editor.getState().flowId, pictures);
    const { draft } = desk.editor.getState();
    const { flow } = readText(text, settings?.variables ?? draft.settings.variables);
    if (flow === undefined) return openBroken(desk, text, name);
    await replace(desk, name, {
      flow,
      layout: layout ?? keptLayout(draft.layout, flow),
      settings: settings ?? draft.settings,
    });
  } catch (error) {
    refused((error as Error).message);
  }
}

/** What lies beside a flow is as its format says, or it is not opened: the server would not take it. */
async function judge(layout: unknown, settings: unknown): Promise<void> {
  if (layout === undefined && settings === undefined) return;
  const { isLayout, isSettings } = await import("@parley/shared/flow/beside");
  if (layout !== undefined && !isLayout(layout)) throw new Error("Its drawing is not one. Open the flow without it.");
  if (settings !== undefined && !isSettings(settings))
    throw new Error("Its settings are none. Open the flow without them.");
}

/** What does not parse is shown as text, to be corrected. */
function openBroken({ bench, editor }: Desk, text: string, name: string): void {
  const before = editor.getState().text;
  const { setText, discardText } = editor.getState();
  setText(text);
  showPanel(bench, "right", "json");
  const back = () => (before === undefined ? discardText() : setText(before));
  offerUndo(`${name} cannot be read as it is.`, back);
}

async function replace({ editor }: Desk, name: string, draft: Draft): Promise<void> {
  editor.getState().replace(draft, "Open a file");
  const opened = editor.getState().draft;
  await editor.getState().flush();
  const { draft: now, save, saveError, undo } = editor.getState();
  if (save === "error" && now === opened) {
    undo();
    return refused(saveError ?? "The server does not take it.");
  }
  offerUndo(`${name} is open in place of what was here.`, () => {
    if (editor.getState().draft === opened) editor.getState().undo();
  });
}

function refused(message: string): void {
  notifications.show({ color: "red", title: "This file was not opened", message });
}

function offerUndo(message: string, undo: () => void): void {
  const id = "opened-file";
  const back = () => {
    notifications.hide(id);
    undo();
  };
  notifications.show({
    id,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <span>{message}</span>
        <Button size="compact-sm" variant="light" flex="none" onClick={back}>
          Undo
        </Button>
      </Group>
    ),
  });
}
