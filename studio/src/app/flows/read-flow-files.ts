import type { NewFlow } from "@parley/shared/api/flows";
import { isPictureName } from "@parley/shared/flow/pictures";
import { PICTURE_FILES } from "../../pictures/picture-files.js";
import { toBase64 } from "../../pictures/to-base64.js";

type FileFrom = Omit<Extract<NewFlow["from"], { kind: "file" }>, "kind">;
/** A flow with what stands beside it, and its pictures in base64, by their names. */
export type FlowFiles = { readonly file: FileFrom; readonly pictures?: Readonly<Record<string, string>> };

/** What a file chooser shows. */
export const FLOW_FILES = `.json,application/json,${PICTURE_FILES}`;
/** What is larger is no flow, and the server would not take its text: in bytes. */
const MAX_FILE_BYTES = 10_000_000;
/** Everything in one file may hold some dozens of pictures, too. */
const MAX_WHOLE_BYTES = 80_000_000;

/**
 * The flow among some files, with the drawing and settings that stand beside it by name (`x.json`, `x.layout.json`,
 * `x.settings.json`) and pictures by their names. The text of the flow is kept as it is, broken or not.
 * @throws {Error} with a sentence, when there is no one flow among them, or one is too large
 */
export async function readFlowFiles(files: readonly File[]): Promise<FlowFiles> {
  const beside = (kind: string) => files.find(({ name }) => name.endsWith(`.${kind}.json`));
  const flows = files.filter(({ name }) => name.endsWith(".json") && !/\.(layout|settings)\.json$/.test(name));
  const [flow] = flows;
  if (flow === undefined) throw new Error("Choose the file of a flow: its name ends in .json.");
  if (flows.length > 1)
    throw new Error("Open one flow at a time, with its .layout.json and .settings.json if you like.");
  const large = files.find(
    ({ name, size }) => size > (name.endsWith(".parley.json") ? MAX_WHOLE_BYTES : MAX_FILE_BYTES),
  );
  if (large !== undefined) throw new Error(`${large.name} is too large: a flow has 5 MB at most.`);
  const text = await flow.text();
  const whole = readWhole(text);
  if (whole !== undefined) return whole;
  const layout = await readJson(beside("layout"));
  const settings = await readJson(beside("settings"));
  const file = {
    text,
    name: flow.name,
    ...(layout !== undefined && { layout: layout as NonNullable<FileFrom["layout"]> }),
    ...(settings !== undefined && { settings: settings as NonNullable<FileFrom["settings"]> }),
  };
  const pictures = files.filter(({ name }) => isPictureName(name));
  if (pictures.length === 0) return { file };
  const read = pictures.map(async (picture) => [picture.name, await toBase64(picture)] as const);
  return { file, pictures: Object.fromEntries(await Promise.all(read)) };
}

/** A flow and what stands beside it in one file, as "Export everything" makes it: no flow has a text for a state. */
function readWhole(text: string): FlowFiles | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("text" in value) || typeof value.text !== "string")
    return undefined;
  const { name, layout, settings, tests, assets } = value as Omit<FileFrom, "text"> & { assets?: unknown };
  const file = {
    text: value.text,
    ...(typeof name === "string" && { name }),
    ...(layout !== undefined && { layout }),
    ...(settings !== undefined && { settings }),
    ...(tests !== undefined && { tests }),
  };
  const pictures = Object.entries(assets ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { file, ...(pictures.length > 0 && { pictures: Object.fromEntries(pictures) }) };
}

/** The server judges the content; only what is no JSON is refused here. */
async function readJson(file: File | undefined): Promise<unknown> {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new Error(`${file.name} is not readable as JSON: leave it out, or correct it.`);
  }
}
