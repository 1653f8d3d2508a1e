import { randomUUID } from "node:crypto";
import { type Findings, MOST_FINDINGS, type Publish, type Published } from "@parley/shared/api/versions";
import { check } from "@parley/shared/flow/check";
import type { Finding } from "@parley/shared/flow/finding";
import { readFlow } from "@parley/shared/flow/read";
import { MAX_SETTINGS_BYTES, type Settings } from "@parley/shared/flow/settings";
import { jsonBytes } from "@parley/shared/text";
import { reached } from "../fault-points.js";
import { AppendError } from "../log/event-log.js";
import { type Publication, type Registry, sha256, type Version } from "../registry/registry.js";
import type { StudioEvents } from "./events.js";
import type { FlowRow } from "./flow-rows.js";
import { changed, type Flows } from "./flows.js";
import { missingPictures } from "./missing-pictures.js";
import type { PictureShelf } from "./picture-shelf.js";
import { Refusal } from "./refusal.js";
import type { StudioStore } from "./store.js";

export type PublisherOptions = {
  readonly store: StudioStore;
  readonly registry: Registry;
  readonly events: StudioEvents;
  readonly flows: Flows;
  readonly pictures: PictureShelf;
  readonly now: () => number;
};
/** Who publishes, as it stands in the record: `person:<name>` or `token:<name>`. */
type By = { readonly by: string };
type Content = Pick<Publication, "json" | "settings" | "back"> & { readonly hints: Findings };

/** Makes versions of drafts, files and older versions, and takes flows down. Which act counts the log decides. */
export class Publisher {
  constructor(private readonly options: PublisherOptions) {}

  /**
   * @param match of a draft: the ETags of which one has to be current
   * @throws Refusal `changed`, `match-required`, `unreadable-text`, `has-problems`, `nothing-new`, `other-version`,
   * `not-found`, `archived`, `too-large`, `not-stored`
   */
  async publish(id: string, { from, over, note }: Publish, match: readonly string[], { by }: By): Promise<Published> {
    const { flows, pictures, registry, events } = this.options;
    const row = flows.toChange(id);
    const { hints, ...content } =
      from.kind === "draft"
        ? await this.#draft(row, match)
        : from.kind === "file"
          ? await this.#file(row, from)
          : this.#version(id, from.version);
    const live = registry.live(id);
    if (live?.version !== (over || undefined)) throw otherVersion(live);
    if (live && says(live, content)) {
      throw new Refusal("nothing-new", `Version ${live.version} is live and says the same.`);
    }
    const parent = registry.last(id)?.version ?? 0;
    const missing = pictures.hold([JSON.stringify(content.json), JSON.stringify(content.settings)]);
    const publication = { flow: id, by, note, ...content };
    const version = await stored(registry.publish(publication, this.#stamp(), parent));
    if (!version) throw otherVersion(registry.live(id));
    reached("published");
    events.emit({ kind: "flow", flow: id });
    const found = [...missingPictures(content.json, missing), ...hints].slice(0, MOST_FINDINGS);
    return { version: version.version, at: version.at, hints: found };
  }

  /** @throws Refusal `not-live`, `other-version`, `not-found`, `not-stored` */
  async unpublish(id: string, { over, note = "" }: { over: number; note?: string }, { by }: By): Promise<void> {
    const { flows, registry, events } = this.options;
    flows.get(id);
    const live = registry.live(id);
    if (!live) throw new Refusal("not-live", "No version of this flow is live.");
    if (live.version !== over) throw otherVersion(live);
    const act = { flow: id, parent: live.version, by, note };
    if (!(await stored(registry.unpublish(act, this.#stamp())))) throw otherVersion(registry.live(id));
    events.emit({ kind: "flow", flow: id });
  }

  #stamp(): { id: string; timestamp: string } {
    return { id: randomUUID(), timestamp: new Date(this.options.now()).toISOString() };
  }

  async #draft(row: FlowRow, match: readonly string[]): Promise<Content> {
    const { drafts } = this.options.store;
    if (match.length === 0) {
      throw new Refusal("match-required", "Say by If-Match which ETag of the draft is to be published.");
    }
    const state = drafts.current(row.key);
    if (!match.includes(state.etag)) throw changed(state.etag);
    if (state.text !== null) {
      throw new Refusal("unreadable-text", "The text of the file cannot be read: correct or discard it first.");
    }
    const texts = await drafts.texts(state);
    const settings = JSON.parse(texts.settings) as Settings;
    const json: unknown = JSON.parse(texts.json);
    return { json, settings, hints: sound(check(json, { variables: settings.variables ?? [] })) };
  }

  async #file(row: FlowRow, from: Extract<Publish["from"], { kind: "file" }>): Promise<Content> {
    const { drafts } = this.options.store;
    const { $schema: _, ...settings }: Settings =
      from.settings ?? JSON.parse((await drafts.texts(drafts.current(row.key))).settings);
    if (jsonBytes(settings) > MAX_SETTINGS_BYTES) {
      throw new Refusal("too-large", `The settings are larger than ${MAX_SETTINGS_BYTES} bytes.`);
    }
    const { flow, findings } = readFlow(from.text, { variables: settings.variables ?? [] });
    return { json: flow, settings, hints: sound(findings) };
  }

  /** It was sound when it was published, and whoever goes back is in a hurry. */
  #version(id: string, number: number): Content {
    const { registry } = this.options;
    const version = registry.versions(id)[number - 1];
    const text = version && registry.text(version);
    if (!version || text === undefined) throw new Refusal("not-found", "This flow has no such version.");
    return { json: JSON.parse(text), settings: version.settings, back: number, hints: [] };
  }
}

const says = (live: Version, { json, settings }: Pick<Content, "json" | "settings">): boolean =>
  live.digest === sha256(JSON.stringify(json)) && JSON.stringify(live.settings) === JSON.stringify(settings);

/** The hints of what may be published. @throws Refusal `has-problems` */
function sound(findings: readonly Finding[]): Findings {
  const problems = findings.filter(({ severity }) => severity === "error");
  const [first] = problems;
  if (!first) return told(findings);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  throw new Refusal("has-problems", `It has a problem and cannot be published: ${first.plain}${more}`, {
    findings: told(problems),
  });
}

const told = (findings: readonly Finding[]): Findings =>
  findings.slice(0, MOST_FINDINGS).map(({ fix: _fix, variable: _variable, ...finding }) => finding);

function otherVersion(live: Version | undefined): Refusal {
  const now = live ? `version ${live.version} is live` : "no version is live";
  return new Refusal("other-version", `Somebody else was first: by now ${now}. Look at that, then decide again.`, {
    live: live?.version ?? 0,
  });
}

/** @throws Refusal `not-stored` */
async function stored<T>(appended: Promise<T>): Promise<T> {
  try {
    return await appended;
  } catch (error) {
    if (!(error instanceof AppendError)) throw error;
    throw new Refusal("not-stored", "The log cannot be written now. Look whether it was published, and try again.");
  }
}
