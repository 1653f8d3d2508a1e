import { ApiError } from "../api.js";
import type { Desk } from "../app/editor/desk.js";
import { refreshLive } from "./use-live.js";

export type PublishRequest = {
  /** The older version to make live again; absent: the draft. */
  readonly back: string | undefined;
  /** The version that was live when this was decided, 0 for none. */
  readonly over: number;
  readonly note: string;
};

/**
 * Publishes the draft as it is on the screen, or an older version once more.
 * @returns the new version
 * @throws ApiError; Error when the draft is not saved
 */
export async function publish({ api, editor }: Desk, { back, over, note }: PublishRequest): Promise<number> {
  await editor.getState().flush();
  const { flowId, savedAs } = editor.getState();
  const etag = back === undefined ? savedAs() : undefined;
  if (back === undefined && etag === undefined) {
    throw new Error("Your last changes are not saved yet, so they cannot be published. Try again when they are.");
  }
  const from =
    back === undefined ? ({ kind: "draft" } as const) : ({ kind: "version", version: Number(back) } as const);
  const path = { flow: flowId };
  const published = await api("POST /api/flows/{flow}/versions", {
    path,
    body: { from, over, note },
    ...(etag !== undefined && { etag }),
  });
  await refresh({ api, editor });
  return published.value.version;
}

/** Takes the flow down. @throws ApiError */
export async function takeDown({ api, editor }: Desk, over: number): Promise<void> {
  await api("POST /api/flows/{flow}/unpublish", { path: { flow: editor.getState().flowId }, body: { over } });
  await refresh({ api, editor });
}

/** It is published, whether that can be read now or not; the socket tells it as well. */
async function refresh({ api, editor }: Pick<Desk, "api" | "editor">): Promise<void> {
  await refreshLive(api, editor).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
  });
}
