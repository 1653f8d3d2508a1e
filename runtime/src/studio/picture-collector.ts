import { setImmediate as turn } from "node:timers/promises";
import { picturesIn } from "@parley/shared/flow/pictures";
import type { Registry, Version } from "../registry/registry.js";
import type { StudioStore } from "./store.js";

export type CollectorOptions = {
  readonly store: StudioStore;
  readonly registry: Pick<Registry, "complete" | "flows" | "versions" | "text">;
  readonly now: () => number;
};

/** A picture that nothing names stays so long, in ms: it was just uploaded, or an undo somewhere still has it. */
export const GRACE = 7 * 24 * 3_600_000;

/**
 * Removes the pictures that nothing names any more: no kept state of a draft, no version that waits, no published version,
 * no profile of a person.
 * What stands in recorded conversations was sent by a published version, and these are kept for good;
 * but for the faces of people, in whose place then stands an initial.
 */
export class PictureCollector {
  /** What each published version names: it never changes. */
  readonly #named = new Map<string, readonly string[]>();

  constructor(private readonly options: CollectorOptions) {}

  /** @returns the names of what was removed */
  async collect(): Promise<string[]> {
    const { store, registry, now } = this.options;
    const all = store.pictures.all();
    // A version that is not known here may name any of them.
    if (all.length === 0 || !registry.complete) return [];
    // Versions not read before are inflated one at a time, so that no conversation waits for all of them.
    for (const version of registry.flows().flatMap((flow) => registry.versions(flow))) {
      if (this.#named.has(key(version))) continue;
      this.#read(version);
      await turn();
    }
    return store.transaction(() => {
      const published = new Set(
        registry.flows().flatMap((flow) => registry.versions(flow).flatMap((one) => this.#read(one))),
      );
      const gone: string[] = [];
      for (const { name } of all) {
        const row = store.pictures.get(name);
        if (!row) continue;
        const used = published.has(name) || store.pictures.isNamed(name) || store.profiles.show(name);
        if (used !== (row.unused === null)) store.pictures.mark(name, used ? null : now());
        else if (row.unused !== null && now() - row.unused >= GRACE) {
          store.pictures.remove(name);
          gone.push(name);
        }
      }
      return gone;
    });
  }

  #read(version: Version): readonly string[] {
    const known = this.#named.get(key(version));
    if (known) return known;
    const { registry } = this.options;
    const named = picturesIn(`${registry.text(version) ?? ""} ${JSON.stringify(version.settings)}`);
    this.#named.set(key(version), named);
    return named;
  }
}

const key = ({ flow, version }: Version): string => `${flow} ${version}`;
