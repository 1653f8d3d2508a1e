import { MOST_EXAMPLES, type WhatIfReport } from "@parley/shared/api/what-if";
import { compile, type Program } from "@parley/shared/flow/compile";
import { findRenames } from "@parley/shared/flow/find-renames";
import type { FlowJson } from "@parley/shared/flow/json";
import type { Rename } from "@parley/shared/flow/rename";
import type { LogRecord } from "@parley/shared/record";
import { recordings } from "@parley/shared/session/recording";
import { whatIf } from "@parley/shared/session/what-if";

/** A conversation to play: the n-th of its session. */
export type Played = { readonly id: string; readonly sid: string; readonly n: number };
export type Drafted = { readonly draft: FlowJson; readonly versions: ReadonlyMap<number, FlowJson> };

/** Places listed at most. */
const MOST_PLACES = 200;

/** Counts what recorded conversations would have been on a draft. */
export class Tally {
  readonly #program: Program;
  readonly #renames = new Map<number, readonly Rename[]>();
  readonly #places = new Map<string, WhatIfReport["places"][number]>();
  #same = 0;
  #unread = 0;
  #counts = { differs: 0, "dead-end": 0 };

  constructor(private readonly drafted: Drafted) {
    this.#program = compile(drafted.draft);
  }

  /** Plays some conversations of one session. @param records all of that session; empty: it was erased */
  add(records: readonly LogRecord[], played: readonly Played[]): void {
    const found = recordings(records);
    for (const { id, n } of played) {
      const recording = found[n - 1];
      const renames = recording && this.#renamesFrom(recording.beginning.version);
      if (!recording || !renames) {
        this.#unread += 1;
        continue;
      }
      const { what } = whatIf(recording, this.#program, renames);
      if (what.outcome === "same") this.#same += 1;
      else this.#note(what.outcome, what.state, id);
    }
  }

  #note(outcome: "differs" | "dead-end", state: string | undefined, id: string): void {
    this.#counts[outcome] += 1;
    const key = JSON.stringify([outcome, state ?? null]);
    const place = this.#places.get(key) ?? { outcome, ...(state !== undefined && { state }), count: 0, examples: [] };
    place.count += 1;
    if (place.examples.length < MOST_EXAMPLES) place.examples.push(id);
    this.#places.set(key, place);
  }

  #renamesFrom(version: number): readonly Rename[] | undefined {
    const known = this.#renames.get(version);
    if (known) return known;
    const flow = this.drafted.versions.get(version);
    if (!flow) return undefined;
    const renames = findRenames(flow, this.drafted.draft);
    this.#renames.set(version, renames);
    return renames;
  }

  report(): WhatIfReport {
    const places = [...this.#places.values()].sort((a, b) => b.count - a.count).slice(0, MOST_PLACES);
    const { differs, "dead-end": deadEnds } = this.#counts;
    const conversations = this.#same + differs + deadEnds;
    return { conversations, same: this.#same, differs, deadEnds, unread: this.#unread, places };
  }
}
