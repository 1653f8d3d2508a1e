import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { TestName } from "@parley/shared/api/flows";
import { type Layout, LayoutSchema } from "@parley/shared/flow/layout";
import { Value } from "typebox/value";

/** What stands beside a flow file and is not published: its drawing and its tests. */
export type Beside = { readonly layout: Layout; readonly tests: Readonly<Record<string, Record<string, unknown>>> };

/** Beside a file, not larger than this in bytes. */
const MAX_LAYOUT = 8 * 1024 * 1024;
const MAX_TEST = 64 * 1024;

/**
 * Reads `<name>.layout.json` and `<name>.tests/*.json` beside a flow file. What is missing, unreadable or not as its
 * schema says is left out: a flow runs without it.
 * @param skipped is told the path of what was there and was left out
 */
export async function readBeside(path: string, skipped: (path: string) => void): Promise<Beside> {
  const stem = join(dirname(path), basename(path, ".json"));
  const drawing = `${stem}.layout.json`;
  const layout = await readJson(drawing, MAX_LAYOUT);
  const drawn = Value.Check(LayoutSchema, layout) ? layout : {};
  if (layout !== undefined && drawn !== layout) skipped(drawing);
  const tests: Record<string, Record<string, unknown>> = {};
  const names = (await readdir(`${stem}.tests`).catch(() => [])).filter((name) => name.endsWith(".json"));
  for (const file of names.sort()) {
    const name = basename(file, ".json");
    const test = await readJson(join(`${stem}.tests`, file), MAX_TEST);
    const sound = typeof test === "object" && test !== null && !Array.isArray(test) && Value.Check(TestName, name);
    if (sound) tests[name] = test as Record<string, unknown>;
    else skipped(join(`${stem}.tests`, file));
  }
  return { layout: drawn, tests };
}

/** The file's JSON; undefined if there is no such file; null if it is no JSON or too large. */
async function readJson(path: string, most: number): Promise<unknown> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return text.length > most ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
