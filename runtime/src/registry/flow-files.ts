import { randomUUID } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { Finding } from "@parley/shared/flow/finding";
import { readFlow } from "@parley/shared/flow/read";
import { MAX_SETTINGS_BYTES, type Settings, SettingsSchema } from "@parley/shared/flow/settings";
import { jsonBytes } from "@parley/shared/text";
import { watch } from "chokidar";
import type { Logger } from "pino";
import { Value } from "typebox/value";
import { reason, UserError } from "../errors.js";
import { type Registry, sha256 } from "./registry.js";

/** A flow file as read: its id is the file's name. */
export type FlowFile = {
  readonly id: string;
  readonly path: string;
  readonly json: unknown;
  readonly settings: Settings;
  readonly warnings: readonly Finding[];
};

const FLOW_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * The flow files that the given paths name: files, and the `<name>.json` of folders.
 * @throws UserError exit code 2: a path that is not there, a name that is no flow id, the same id twice.
 */
export async function flowPaths(paths: readonly string[], cwd: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const full = resolve(cwd, path);
    const info = await stat(full).catch((cause) => {
      throw new UserError("flow-missing", `There is no flow file or folder at ${path}. Check the path.`, {
        cause,
        exitCode: 2,
      });
    });
    if (!info.isDirectory()) found.push(full);
    else {
      const names = (await readdir(full)).filter(isFlowName).sort();
      if (names.length === 0) {
        throw new UserError("flow-missing", `The folder ${path} holds no flow (a file <name>.json).`, { exitCode: 2 });
      }
      found.push(...names.map((name) => join(full, name)));
    }
  }
  const ids = new Map<string, string>();
  for (const path of found) {
    const id = flowId(path);
    const other = ids.get(id);
    if (other !== undefined && other !== path) {
      throw new UserError("flow-twice", `Two files would be the flow "${id}": ${other} and ${path}. Rename one.`, {
        exitCode: 2,
      });
    }
    ids.set(id, path);
  }
  return [...ids.values()];
}

const isFlowName = (name: string): boolean => /^[^.]+\.json$/.test(name);

function flowId(path: string): string {
  const id = basename(path, ".json");
  if (extname(path) === ".json" && FLOW_ID.test(id)) return id;
  throw new UserError(
    "flow-name",
    `The flow file ${path} must be named like its address: small letters, digits and "-", at most 64, then .json.`,
    { exitCode: 2 },
  );
}

/**
 * Reads a flow file and the settings beside it.
 * @throws UserError: not readable, not JSON, not a flow, findings that are errors, bad settings.
 */
export async function readFlowFile(path: string): Promise<FlowFile> {
  const text = await readText(path, "flow");
  const { flow, findings, at } = readFlow(text);
  const errors = findings.filter((finding) => finding.severity === "error");
  const first = errors[0];
  if (first) {
    const place = at(first.pointer);
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more: "parley check" lists them)` : "";
    const where = place ? `:${place.line}:${place.column}` : "";
    throw new UserError("flow-errors", `${path}${where}: ${first.message} [${first.code}]${more}`, { exitCode: 2 });
  }
  const settings = await readSettings(join(dirname(path), `${basename(path, ".json")}.settings.json`));
  return { id: flowId(path), path, json: flow, settings, warnings: findings };
}

async function readSettings(path: string): Promise<Settings> {
  if (!(await stat(path).catch(() => undefined))) return {};
  const text = await readText(path, "settings");
  const problem = (what: string, cause?: unknown) =>
    new UserError("bad-settings", `The settings ${path} ${what}.`, { cause, exitCode: 2 });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw problem(`are not JSON: ${reason(cause)}`, cause);
  }
  if (!Value.Check(SettingsSchema, json)) {
    const error = [...Value.Errors(SettingsSchema, json)][0];
    throw problem(`are not as their schema says: ${error?.instancePath || "the whole"} ${error?.message ?? ""}`);
  }
  const { $schema: _, ...settings } = json;
  if (jsonBytes(settings) > MAX_SETTINGS_BYTES) throw problem(`are larger than ${MAX_SETTINGS_BYTES} bytes`);
  return settings;
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new UserError("not-readable", `The ${what} file ${path} cannot be read: ${reason(cause)}.`, {
      cause,
      exitCode: 2,
    });
  }
}

/**
 * Publishes a file when it differs from what was last published from it, so that a restart publishes nothing.
 * @returns the number of the new version, or undefined when nothing changed.
 */
export async function publishFile(registry: Registry, file: FlowFile, now: () => Date): Promise<number | undefined> {
  const by = `file:${file.id}`;
  const last = registry.versions(file.id).findLast((version) => version.by === by);
  const digest = sha256(JSON.stringify(file.json));
  if (last?.digest === digest && JSON.stringify(last.settings) === JSON.stringify(file.settings)) return undefined;
  const draft = { flow: file.id, json: file.json, settings: file.settings, by, note: basename(file.path) };
  const version = await registry.publish(draft, { id: randomUUID(), timestamp: now().toISOString() });
  return version?.version;
}

/** Watches flow files and their settings: a sound change becomes a new version, a broken one is reported. */
export function watchFlows(
  paths: readonly string[],
  registry: Registry,
  options: { logger: Logger; now: () => Date; signal: AbortSignal },
): void {
  const { logger, now, signal } = options;
  const settingsOf = (path: string) => path.replace(/\.json$/, ".settings.json");
  const owner = new Map(paths.flatMap((path) => [path, settingsOf(path)].map((name) => [name, path])));
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  const watcher = watch(folders, {
    depth: 0,
    // What changed between the start's reading and now is seen as well; what did not, publishes nothing.
    ignoreInitial: false,
    ignored: (path) => !folders.includes(path) && !owner.has(path),
    awaitWriteFinish: { stabilityThreshold: 60, pollInterval: 20 },
  });
  // One file at a time: two changes of one file become versions in their order.
  let last = Promise.resolve();
  const changed = (path: string): void => {
    last = last.then(async () => {
      try {
        const file = await readFlowFile(owner.get(path)!);
        const version = await publishFile(registry, file, now);
        if (version !== undefined) logger.info({ flow: file.id, version }, "published a changed flow file");
      } catch (error) {
        logger.error({ code: (error as UserError).code }, `${reason(error)} The last version stays.`);
      }
    });
  };
  watcher.on("add", changed).on("change", changed);
  watcher.on("error", (error) => logger.warn({ err: error }, "cannot watch the flow files"));
  signal.addEventListener("abort", () => void watcher.close(), { once: true });
}
