import { type WrittenScript, writeScript } from "@parley/shared/script/write-script";
import type { Desk } from "../app/editor/desk.js";
import { itemOf } from "../document/commands/command.js";
import { type Draft, SCHEMA_KEY } from "../document/draft.js";
import { readSteps } from "../document/steps.js";

/** The selected steps as a script, or with none selected the whole flow; in the order of the file. */
export function scriptOf(draft: Draft, selection: readonly string[]): WrittenScript {
  const { byId } = readSteps(draft);
  const chosen = selection.map((key) => itemOf(draft, key)).filter(({ kind }) => kind === "step");
  const states = new Set(chosen.flatMap(({ id }) => byId.get(id)?.states ?? [id]));
  const notes = chosen.length === 0 ? (draft.layout.notes?.length ?? 0) : selection.length - chosen.length;
  const isIn = (name: string) => name !== SCHEMA_KEY && (states.size === 0 || states.has(name));
  const written = writeScript(Object.fromEntries(Object.entries(draft.flow).filter(([name]) => isIn(name))));
  if (notes === 0) return written;
  const note = { code: "unusual", state: "", message: "Notes and groups are left out." } as const;
  return { ...written, left: [...written.left, note] };
}

/** Puts the script on the clipboard, and says what it does not say. */
export async function copyScript({ editor }: Desk): Promise<void> {
  const { draft, selection, run } = editor.getState();
  const { text, left } = scriptOf(draft, selection);
  const written = await writeText(`${text}\n`);
  run({ changes: [], says: written ? sentence(left) : "The browser does not let this page copy." }, "Copy as a script");
}

/** What was copied, with the first thing that is left out. */
export function sentence(left: WrittenScript["left"]): string {
  const [first, ...more] = left;
  if (first === undefined) return "Copied as a script.";
  return `Copied as a script. ${first.message}${more.length > 0 ? ` And ${more.length} more.` : ""}`;
}

/** Where the clipboard is refused (no https) there is none. */
const writeText = (text: string): Promise<boolean> =>
  navigator.clipboard === undefined
    ? Promise.resolve(false)
    : navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      );
