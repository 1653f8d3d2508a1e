import type { TypebotImport } from "@parley/shared/import/typebot/report";
import { createStore } from "zustand/vanilla";
import type { FlowFiles } from "../app/flows/read-flow-files.js";

/** What somebody is asked about: what a file would become. */
export type Offer = {
  /** The file's name. */
  readonly name: string;
  readonly result: TypebotImport;
  readonly answer: (take: boolean) => void;
};

/** The offer that is shown (`TypebotDialog`), if there is one. */
export const offers = createStore<{ readonly offer: Offer | undefined }>(() => ({ offer: undefined }));

/**
 * What was read, as a flow: an export of Typebot is shown as what it would become, and taken once that was agreed to.
 * Any other file is as it was.
 * @returns undefined when it was not agreed to
 * @throws {Error} with a sentence, when it is such an export and cannot be imported
 */
export async function takeTypebot(read: FlowFiles): Promise<FlowFiles | undefined> {
  const { text, name = "The file" } = read.file;
  const value = mayBeTypebot(text) ? parsed(text) : undefined;
  if (value === undefined) return read;
  const { flowText, importTypebot, looksLikeTypebot } = await import("./importer.js").catch(() => {
    throw new Error("What reads it could not be loaded. Check that this device is online, and try again.");
  });
  if (!looksLikeTypebot(value)) return read;
  const result = importTypebot(value);
  if ("code" in result) throw new Error(result.message);
  const take = await new Promise<boolean>((answer) => offers.setState({ offer: { name, result, answer } }));
  offers.setState({ offer: undefined });
  if (!take) return undefined;
  const { flow, layout, settings } = result;
  return { file: { text: flowText(flow), name: name.replace(/^typebot-export-/, ""), layout, settings } };
}

/** Without reading all of every flow: both stand in every export. */
const mayBeTypebot = (text: string): boolean => /"groups"\s*:\s*\[/.test(text) && /"edges"\s*:\s*\[/.test(text);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A flow is shown as it is, broken or not.
    return undefined;
  }
}
