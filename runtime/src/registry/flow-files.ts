import { randomUUID } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Finding } from "@parley/shared/flow/finding";
import { readFlow } from "@parley/shared/flow/read";
import { MAX_SETTINGS_BYTES, type Settings, SettingsSchema } from "@parley/shared/flow/settings";
import { jsonBytes } from "@parley/shared/text";
import { watch } from "chokidar";
import type { Logger } from "pino";
import { Value } from "typebox/value";
import { reason, UserError } from "../errors.js";
import { AppendError } from "../log/event-log.js";
import { type Registry, sha256 } from "./registry.js";

/** A flow file as read: its id is the file's name. */
export type FlowFile = {
  readonly id: string;
  readonly path: string;
  /** Byte for byte. */
  readonly text: string;
  readonly json: unknown;
  /** SHA-256 (hex) of the flow as compact JSON. */
  readonly digest: string;
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
  const settings = await settingsBeside(path);
  const { flow, findings, at } = readFlow(text, { variables: settings.variables ?? [] });
  const errors = findings.filter((finding) => finding.severity === "error");
  const first = errors[0];
  if (first) {
    const place = at(first.pointer);
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more: "parley check" lists them)` : "";
    const where = place ? `:${place.line}:${place.column}` : "";
    throw new UserError("flow-errors", `${path}${where}: ${first.message} [${first.code}]${more}`, { exitCode: 2 });
  }
  const digest = sha256(JSON.stringify(flow));
  return { id: flowId(path), path, text, json: flow, digest, settings, warnings: findings };
}

/**
 * The settings that stand beside a flow file, none if there are none.
 * @throws UserError when they cannot be read, or are not as their schema says
 */
export async function settingsBeside(flowPath: string): Promise<Settings> {
  const path = join(dirname(flowPath), `${basename(flowPath, ".json")}.settings.json`);
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

/** Where versions of files wait that were not published, since the studio has published in between. */
export type WaitingRoom = {
  /** The last one of a flow: digests of its flow and settings, and the version that was live when it came. */
  last(flow: string): { readonly json: string; readonly settings: string; readonly against: number } | undefined;
  add(file: FlowFile, version: { by: string; note: string; against: number }): Promise<void>;
};

/**
 * Takes what a file says now. It becomes a version when it differs from the last version of that file, so that a restart
 * publishes nothing. Where the studio has published since, it waits unpublished: neither owner overwrites the other.
 * @returns undefined when there was nothing new
 */
export async function takeFile(
  registry: Registry,
  file: FlowFile,
  waiting: WaitingRoom,
  now: () => Date,
): Promise<{ readonly published: number } | { readonly waits: true } | undefined> {
  const by = `file:${file.id}`;
  const note = basename(file.path);
  const last = registry.versions(file.id).findLast((version) => version.by === by);
  const held = waiting.last(file.id);
  const settings = sha256(JSON.stringify(file.settings));
  const says = (json: string, other: string) => json === file.digest && other === settings;
  if (held && held.against >= (last?.version ?? 0)) {
    if (says(held.json, held.settings)) return undefined;
  } else if (last && says(last.digest, sha256(JSON.stringify(last.settings)))) return undefined;
  const live = registry.last(file.id);
  // Published or taken down in the studio since.
  if (live && (live.by !== by || registry.takenDown(file.id))) {
    if (says(live.digest, sha256(JSON.stringify(live.settings)))) return undefined;
    await waiting.add(file, { by, note, against: live.version });
    return { waits: true };
  }
  const draft = { flow: file.id, json: file.json, settings: file.settings, by, note };
  const version = await registry.publish(draft, { id: randomUUID(), timestamp: now().toISOString() });
  if (version) return { published: version.version };
  // Another was published first: it decides what becomes of this one.
  return registry.last(file.id) === live ? undefined : takeFile(registry, file, waiting, now);
}

/** Watches flow files and their settings: a sound change is given to `take`, a broken one is reported. */
export function watchFlows(
  paths: readonly string[],
  take: (file: FlowFile) => Promise<void>,
  { logger, signal, retry = 1_000 }: { logger: Logger; signal: AbortSignal; retry?: number },
): void {
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
  const attempt = async (path: string): Promise<void> => {
    for (;;) {
      try {
        return await take(await readFlowFile(path));
      } catch (error) {
        logger.error({ code: (error as UserError).code }, `${reason(error)} The last version stays.`);
        // Nothing is wrong with the file: it is published once the log takes it.
        if (!(error instanceof AppendError) || signal.aborted) return;
        await delay(retry, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  // One file at a time: two changes of one file become versions in their order.
  let last = Promise.resolve();
  const changed = (path: string): void => {
    last = last.then(() => attempt(owner.get(path)!));
  };
  watcher.on("add", changed).on("change", changed).on("unlink", changed);
  watcher.on("error", (error) => logger.warn({ err: error }, "cannot watch the flow files"));
  signal.addEventListener("abort", () => void watcher.close(), { once: true });
}
