import type { Running } from "@parley/shared/api/versions";
import { picturesIn } from "@parley/shared/flow/pictures";
import type { Desk } from "../app/editor/desk.js";
import { type KnownVersion, type Live, readVersion } from "./live.js";
import { refreshLive } from "./use-live.js";

/** What one is shown before one publishes. */
export type Publishing = {
  readonly live: Live;
  /** The older version that becomes live again; absent: the draft is published. */
  readonly source: KnownVersion | undefined;
  readonly running: Running["versions"];
  /** Per cent of the conversations that `running` was counted from so far; undefined: all. */
  readonly so: number | undefined;
  /** Versions that conversations are on, with their steps: the newest few. */
  readonly versions: readonly KnownVersion[];
  /** So many pictures that the draft shows are not on the server. */
  readonly missing: number;
};

/** Versions whose steps are read, to say where conversations wait. */
const NAMED = 4;

/** Saves the draft, and reads what it would replace and whom that concerns. @throws ApiError */
export async function readPublishing(
  { api, editor }: Desk,
  back: string | undefined,
  signal: AbortSignal,
): Promise<Publishing> {
  await editor.getState().flush();
  const { flowId } = editor.getState();
  const [live, running, source, missing] = await Promise.all([
    refreshLive(api, editor, signal),
    readRunning({ api, editor }, signal),
    back === undefined ? undefined : readVersion(api, flowId, back, signal),
    back === undefined ? readMissing({ api, editor }, signal) : 0,
  ]);
  return { live, source, missing, ...running };
}

async function readMissing({ api, editor }: Pick<Desk, "api" | "editor">, signal: AbortSignal): Promise<number> {
  const { draft, flowId } = editor.getState();
  const named = picturesIn(JSON.stringify([draft.flow, draft.settings]));
  if (named.length === 0) return 0;
  const { value } = await api("GET /api/flows/{flow}/pictures", { path: { flow: flowId }, signal });
  return named.filter((name) => value.missing.includes(name)).length;
}

/** How many conversations are on which version. @throws ApiError */
export async function readRunning(
  { api, editor }: Pick<Desk, "api" | "editor">,
  signal: AbortSignal,
): Promise<Pick<Publishing, "running" | "so" | "versions">> {
  const { flowId } = editor.getState();
  const { value } = await api("GET /api/flows/{flow}/running", { path: { flow: flowId }, signal });
  const newest = value.versions.slice(0, NAMED);
  const versions = await Promise.all(newest.map(({ version }) => readVersion(api, flowId, String(version), signal)));
  return { running: value.versions, so: value.catchingUp, versions };
}
