import type { NewFlow } from "@parley/shared/api/flows";

type FileFrom = Omit<Extract<NewFlow["from"], { kind: "file" }>, "kind">;

/** What is larger is no flow, and the server would not take its text: in bytes. */
const MAX_FILE_BYTES = 10_000_000;

/**
 * The flow among some files, with the drawing and settings that stand beside it by name (`x.json`, `x.layout.json`,
 * `x.settings.json`). The text of the flow is kept as it is, broken or not.
 * @throws {Error} with a sentence, when there is no one flow among them, or one is too large
 */
export async function readFlowFiles(files: readonly File[]): Promise<FileFrom> {
  const beside = (kind: string) => files.find(({ name }) => name.endsWith(`.${kind}.json`));
  const flows = files.filter(({ name }) => name.endsWith(".json") && !/\.(layout|settings)\.json$/.test(name));
  const [flow] = flows;
  if (flow === undefined) throw new Error("Choose the file of a flow: its name ends in .json.");
  if (flows.length > 1)
    throw new Error("Open one flow at a time, with its .layout.json and .settings.json if you like.");
  const large = files.find(({ size }) => size > MAX_FILE_BYTES);
  if (large !== undefined) throw new Error(`${large.name} is too large: a flow has 5 MB at most.`);
  const text = await flow.text();
  const whole = readWhole(text);
  if (whole !== undefined) return whole;
  const layout = await readJson(beside("layout"));
  const settings = await readJson(beside("settings"));
  return {
    text,
    name: flow.name,
    ...(layout !== undefined && { layout: layout as NonNullable<FileFrom["layout"]> }),
    ...(settings !== undefined && { settings: settings as NonNullable<FileFrom["settings"]> }),
  };
}

/** A flow and what stands beside it in one file, as "Export everything" makes it: no flow has a text for a state. */
function readWhole(text: string): FileFrom | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("text" in value) || typeof value.text !== "string")
    return undefined;
  const { name, layout, settings, tests } = value as Omit<FileFrom, "text">;
  return {
    text: value.text,
    ...(typeof name === "string" && { name }),
    ...(layout !== undefined && { layout }),
    ...(settings !== undefined && { settings }),
    ...(tests !== undefined && { tests }),
  };
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
