import type { FlowSummary, Version } from "@parley/shared/api/flows";
import { changedSettings } from "@parley/shared/flow/compare-words";
import { sameJson } from "@parley/shared/flow/json";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { CallApi } from "../api.js";
import { type Draft, type FlowJson, type Json, stateNames } from "../document/draft.js";
import type { Editor } from "../editor/store.js";

/** A version as the studio shows and compares it. */
export type KnownVersion = Omit<Version, "flow"> & { readonly flow: FlowJson };
/** What visitors talk to now. */
export type Live = {
  /** Absent: nobody can begin a conversation. */
  readonly version: KnownVersion | undefined;
  /** It was taken down: the number of the version that was live, when and by whom. */
  readonly down: { readonly version: number; readonly at: string; readonly by: string } | undefined;
};

const lives = new WeakMap<Editor, StoreApi<Live>>();

/** What is live of an open flow. */
export function liveOf(editor: Editor): StoreApi<Live> {
  let live = lives.get(editor);
  if (!live) {
    live = createStore<Live>(() => ({ version: undefined, down: undefined }));
    lives.set(editor, live);
  }
  return live;
}

/** Reads what is live. What did not change stays the same object. @throws ApiError */
export async function readLive(api: CallApi, flow: string, options: Known = {}): Promise<Live> {
  const { signal } = options;
  const { value } = await api("GET /api/flows/{flow}", { path: { flow }, ...(signal && { signal }) });
  return liveOfSummary(api, value, options);
}
type Known = { readonly known?: Live; readonly signal?: AbortSignal };

/** The same, of a flow's summary that was read before. @throws ApiError */
export async function liveOfSummary(
  api: CallApi,
  { id, live, down }: FlowSummary,
  { known, signal }: Known = {},
): Promise<Live> {
  if (!live) return { version: undefined, down };
  const version =
    known?.version?.version === live.version ? known.version : await readVersion(api, id, String(live.version), signal);
  return { version, down: undefined };
}

/** @param id as the list of versions names it */
export async function readVersion(api: CallApi, flow: string, id: string, signal?: AbortSignal): Promise<KnownVersion> {
  const path = { flow, version: id };
  const { value } = await api("GET /api/flows/{flow}/versions/{version}", { path, ...(signal && { signal }) });
  return { ...value, flow: value.flow as FlowJson };
}

/** Whether a draft says what a version says. A draft shares what nobody changed: of 5,000 steps one is looked at. */
export function differs(draft: Pick<Draft, "flow" | "settings">, version: KnownVersion | undefined): boolean {
  if (version === undefined) return true;
  return !sameFlow(draft.flow, version.flow) || changedSettings(version.settings, draft.settings).length > 0;
}

/** By the states of a version: those of drafts that are the same. */
const same = new WeakMap<object, WeakSet<object>>();

function sameFlow(draft: FlowJson, version: FlowJson): boolean {
  const names = stateNames(draft);
  const others = stateNames(version);
  return (
    names.length === others.length &&
    names.every((name, i) => name === others[i] && sameState(draft[name]!, version[name]!))
  );
}

function sameState(state: Json, other: Json): boolean {
  if (typeof state !== "object" || typeof other !== "object" || state === null || other === null)
    return state === other;
  const known = same.get(other) ?? new WeakSet();
  if (known.has(state)) return true;
  if (!sameJson(state, other)) return false;
  same.set(other, known.add(state));
  return true;
}
