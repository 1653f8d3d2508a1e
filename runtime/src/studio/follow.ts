import type { Layout } from "@parley/shared/flow/layout";
import type { Logger } from "pino";
import type { FlowFile } from "../registry/flow-files.js";
import type { Registry, Version } from "../registry/registry.js";
import { readBeside } from "./beside.js";
import { pack } from "./blobs.js";
import { packDraft } from "./drafts.js";
import type { StudioEvents } from "./events.js";
import { agrees } from "./flows.js";
import { importDraft } from "./import.js";
import type { StudioStore } from "./store.js";
import { origin } from "./versions.js";

export type FollowOptions = {
  readonly store: StudioStore;
  readonly registry: Registry;
  readonly events: StudioEvents;
  readonly logger: Logger;
  readonly now: () => number;
};

/**
 * Keeps the studio's flows level with what was published. A published flow that the studio does not have gets a draft
 * made of the live version. A draft in which nobody changed anything since its version goes on to the live one; any
 * other stays as it is: neither of the two owners overwrites the other.
 */
export class LiveFollower {
  #last = Promise.resolve();

  constructor(private readonly options: FollowOptions) {}

  /** Looks at all flows, once at a time. `files`: those served, whose texts, drawings and tests come with them. */
  follow(files: readonly FlowFile[] = []): Promise<void> {
    this.#last = this.#last.then(async () => {
      for (const id of this.options.registry.flows()) {
        try {
          await this.#follow(
            id,
            files.find((file) => file.id === id),
          );
        } catch (error) {
          this.options.logger.error({ err: error, flow: id }, "the studio cannot take a published flow over");
        }
      }
    });
    return this.#last;
  }

  /** Resolves when nothing is under way. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #follow(id: string, file: FlowFile | undefined): Promise<void> {
    const { store, registry, events } = this.options;
    const live = registry.last(id)!;
    const row = store.flows.get(id);
    if (!row) return this.#add(id, live, file);
    if (row.base === live.version) return;
    const before = store.drafts.current(row.key);
    const base = registry.versions(id)[row.base - 1];
    const level = agrees(before, live);
    // Who went back to an older version goes on from the draft, which is newer.
    const moves = live.back === undefined && base !== undefined && agrees(before, base);
    if (!level && !moves) return events.emit({ kind: "flow", flow: id });
    const layout = JSON.parse((await store.drafts.texts(before)).layout) as Layout;
    const packed = await this.#packed(live, layout);
    const by = origin(live).by;
    const state = store.transaction(() => {
      const now = store.drafts.current(row.key);
      // Saved meanwhile: it is somebody's own now.
      if (now.etag !== before.etag) return undefined;
      store.flows.setBase(row.key, live.version);
      return level ? now : store.drafts.save(row.key, packed, { by, at: this.options.now() });
    });
    if (state && state.etag !== before.etag) events.emit({ kind: "saved", flow: id, etag: state.etag, by });
    events.emit({ kind: "flow", flow: id });
  }

  async #add(id: string, live: Version, file: FlowFile | undefined): Promise<void> {
    const { store, events, logger, now } = this.options;
    const skipped = (path: string) => logger.warn({ flow: id }, `${path} is not as its schema says and was left out.`);
    const { layout, tests } = file ? await readBeside(file.path, skipped) : { layout: {}, tests: {} };
    const { $schema: _, ...drawing } = layout;
    const packed = await this.#packed(live, drawing);
    const source = file && importDraft(file.text).source;
    const text = source === undefined ? undefined : await pack(source);
    store.transaction(() => {
      const save = { by: origin(live).by, at: now() };
      const row = store.flows.add(id, save.at, live.version);
      const state = store.drafts.save(row.key, packed, save);
      // The file's text, if it says what is live.
      if (text && file && state.json === file.digest) store.drafts.keepSource(row.key, state.json, text);
      for (const [name, test] of Object.entries(tests)) store.tests.put(row.key, name, JSON.stringify(test), save);
    });
    events.emit({ kind: "flow", flow: id });
  }

  #packed(version: Version, layout: Layout) {
    const flow = JSON.parse(this.options.registry.text(version)!) as Record<string, unknown>;
    return packDraft({ flow, layout, settings: version.settings });
  }
}
