import { notifications } from "@mantine/notifications";
import { picturesIn } from "@parley/shared/flow/pictures";
import type { Desk } from "../app/editor/desk.js";
import { flowText } from "../document/draft.js";
import { fetchPictures, type Pictures } from "../pictures/bring-pictures.js";
import { download } from "./download.js";

/** The flow alone, as the file that it is. */
export async function exportFlow(desk: Desk): Promise<void> {
  const { flowId } = desk.editor.getState();
  download(`${flowId}.json`, await textOf(desk));
}

/** Flow, drawing, settings, tests and pictures as one file, which "Open a file" takes. */
export async function exportAll(desk: Desk): Promise<void> {
  const { flowId, draft } = desk.editor.getState();
  const text = await textOf(desk);
  const tests = await testsOf(desk).catch(() => {
    notifications.show({ message: "The server cannot be reached: the file is without the tests." });
    return {};
  });
  const assets = await assetsOf([text, JSON.stringify(draft.settings)]);
  const { layout, settings } = draft;
  const whole = { name: `${flowId}.json`, text, layout, settings, tests, ...assets };
  download(`${flowId}.parley.json`, `${JSON.stringify(whole, null, 2)}\n`);
}

/** As the server has it: what was opened and not edited since is the same text, byte for byte. */
async function textOf({ editor }: Desk): Promise<string> {
  await editor.getState().flush();
  const { flowId, draft, text, save } = editor.getState();
  if (text !== undefined) return text;
  if (save !== "saved") return flowText(draft.flow);
  const response = await fetch(`/api/flows/${encodeURIComponent(flowId)}/file`).catch(() => undefined);
  return response?.ok ? response.text() : flowText(draft.flow);
}

async function testsOf({ api, editor }: Desk): Promise<Record<string, unknown>> {
  const path = { flow: editor.getState().flowId };
  const { value } = await api("GET /api/flows/{flow}/tests", { path });
  const tests = value.tests.map(async ({ name }) => {
    const test = await api("GET /api/flows/{flow}/tests/{test}", { path: { ...path, test: name } });
    return [name, test.value] as const;
  });
  return Object.fromEntries(await Promise.all(tests));
}

/** The pictures that are named, under `assets`; nothing where none is. */
async function assetsOf(texts: readonly string[]): Promise<{ assets?: Pictures }> {
  const names = new Set(texts.flatMap(picturesIn));
  if (names.size === 0) return {};
  const lost = (count: number) => {
    const what = count === 1 ? "a picture" : `${count} pictures`;
    notifications.show({ message: `The file is without ${what} that the server did not give.` });
  };
  try {
    const assets = await fetchPictures(texts);
    const missing = names.size - Object.keys(assets).length;
    if (missing > 0) lost(missing);
    return { assets };
  } catch {
    lost(names.size);
    return {};
  }
}
