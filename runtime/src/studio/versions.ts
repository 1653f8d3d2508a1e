import type { Version as VersionAnswer, VersionList } from "@parley/shared/api/flows";
import type { Settings } from "@parley/shared/flow/settings";
import type { Registry, Version } from "../registry/registry.js";
import type { FlowRow } from "./flow-rows.js";
import type { HeldVersion } from "./held-versions.js";
import type { StudioStore } from "./store.js";

type Listed = VersionList["versions"][number];

type Origin = { by: string; from: "file" | "studio" | "cli" };

/** Where a version came from, and who that was: the name of the file, of the token, or of the person. */
export function origin({ by, note }: Pick<Version, "by" | "note">): Origin {
  if (by.startsWith("file:")) return { by: note, from: "file" };
  return by.startsWith("token:")
    ? { by: by.slice("token:".length), from: "cli" }
    : { by: by.replace(/^person:/, ""), from: "studio" };
}

function published(version: Version, live: boolean): Listed {
  const { digest, note, at, back } = version;
  const id = String(version.version);
  const came = back === undefined ? {} : { back };
  return { id, version: version.version, live, digest, ...origin(version), note, at, ...came };
}

function unpublished(held: HeldVersion): Listed {
  const { n, json, note, at, against } = held;
  return { id: `u${n}`, live: false, digest: json, ...origin(held), note, at: new Date(at).toISOString(), against };
}

/** The published versions of a flow and the unpublished ones of its file, newest first. */
export function listVersions(store: StudioStore, registry: Registry, row: FlowRow): Listed[] {
  const live = registry.live(row.id)?.version;
  const all = [
    ...registry.versions(row.id).map((version) => published(version, version.version === live)),
    ...store.held.list(row.key).map(unpublished),
  ];
  return all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : (b.version ?? 0) - (a.version ?? 0)));
}

/** How many versions of its file wait: since the last that became one, by the file itself or published by somebody. */
export function countWaiting(store: StudioStore, registry: Registry, row: FlowRow): number {
  const versions = registry.versions(row.id);
  const held = store.held.list(row.key);
  const settled = held.findIndex((one) =>
    versions.slice(one.against).some(({ by, digest }) => by === one.by || digest === one.json),
  );
  return settled === -1 ? held.length : settled;
}

/** One version with its flow and settings; undefined if there is none of this id. */
export async function readVersion(
  store: StudioStore,
  registry: Registry,
  row: FlowRow,
  id: string,
): Promise<VersionAnswer | undefined> {
  const waiting = /^u(\d+)$/.exec(id)?.[1];
  if (waiting === undefined) {
    const version = registry.versions(row.id)[Number(id) - 1];
    const text = version && registry.text(version);
    if (!version || text === undefined) return undefined;
    const live = version === registry.live(row.id);
    return { ...published(version, live), flow: JSON.parse(text), settings: version.settings };
  }
  const held = store.held.get(row.key, Number(waiting));
  if (!held) return undefined;
  const { json, settings } = await store.held.texts(held);
  return { ...unpublished(held), flow: JSON.parse(json), settings: JSON.parse(settings) as Settings };
}
