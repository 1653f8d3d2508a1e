import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Layout } from "@parley/shared/flow/layout";
import { showPanel } from "../app/editor/bench.js";
import type { Desk } from "../app/editor/desk.js";
import { readFlowFiles } from "../app/flows/read-flow-files.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { readText } from "../json-view/read-text.js";

/** Lets one choose files and opens them in place of what is here. */
export function chooseFile(desk: Desk): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.multiple = true;
  input.addEventListener("change", () => void openFiles(desk, [...(input.files ?? [])]));
  input.click();
}

/** Opens a flow's file (with what lies beside it) in place of the open flow. One undo brings that back. */
export async function openFiles(desk: Desk, files: readonly File[]): Promise<void> {
  try {
    const { text, name = "The file", layout, settings } = await readFlowFiles(files);
    const { draft } = desk.editor.getState();
    const { flow } = readText(text, settings?.variables ?? draft.settings.variables);
    if (flow === undefined) return openBroken(desk, text, name);
    await replace(desk, name, {
      flow,
      layout: layout ?? kept(draft.layout, flow),
      settings: settings ?? draft.settings,
    });
  } catch (error) {
    refused((error as Error).message);
  }
}

/** What does not parse is shown as text, to be corrected. */
function openBroken({ bench, editor }: Desk, text: string, name: string): void {
  const before = editor.getState().text;
  const { setText, discardText } = editor.getState();
  setText(text);
  showPanel(bench, "right", "json");
  const back = () => (before === undefined ? discardText() : setText(before));
  offerUndo(`${name} cannot be read as it is. Correct its text, or discard it.`, back);
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

/** The drawing of the states that are still there, if any is: a file without one may be an edited copy of this flow. */
function kept({ positions = {}, groups = [], notes }: Layout, flow: FlowJson): Layout {
  const here = (state: string) => Object.hasOwn(flow, state);
  const places = Object.fromEntries(Object.entries(positions).filter(([state]) => here(state)));
  if (Object.keys(places).length === 0) return {};
  const left = groups
    .map((group) => ({ ...group, states: group.states.filter(here) }))
    .filter(({ states }) => states.length > 0);
  return { positions: places, ...(notes && { notes }), ...(left.length > 0 && { groups: left }) };
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
      <Group justify="space-between" wrap="nowrap">
        <span>{message}</span>
        <Button size="compact-sm" variant="light" onClick={back}>
          Undo
        </Button>
      </Group>
    ),
  });
}
