import type { Running } from "@parley/shared/api/versions";
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
  const [live, running, source] = await Promise.all([
    refreshLive(api, editor, signal),
    readRunning({ api, editor }, signal),
    back === undefined ? undefined : readVersion(api, flowId, back, signal),
  ]);
  return { live, source, ...running };
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
