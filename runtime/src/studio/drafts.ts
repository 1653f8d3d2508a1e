import type { Draft, DraftStates } from "@parley/shared/api/flows";
import type Database from "better-sqlite3";
import { reached } from "../fault-points.js";
import { sha256 } from "../registry/registry.js";
import { type Blobs, type Packed, pack } from "./blobs.js";
import { thin } from "./thin.js";

/** A draft ready to be stored. */
export type PackedDraft = {
  readonly json: Packed;
  readonly layout: Packed;
  readonly settings: Packed;
  readonly text: Packed | undefined;
  readonly title: string | undefined;
};

/** A saved state without its texts. `json`, `layout`, `settings` and `text` are digests. */
export type State = {
  readonly flow: number;
  readonly n: number;
  readonly etag: string;
  readonly at: number;
  readonly by: string;
  readonly title: string | null;
  readonly json: string;
  readonly layout: string;
  readonly settings: string;
  readonly text: string | null;
};

export type Save = { readonly by: string; readonly at: number };

/** Between two thinnings of a flow so many states are saved. */
const THIN_EVERY = 64;
const PARTS = ["json", "layout", "settings", "text"] as const;

export async function packDraft(draft: Draft): Promise<PackedDraft> {
  const [json, layout, settings, text] = await Promise.all([
    pack(JSON.stringify(draft.flow)),
    pack(JSON.stringify(draft.layout)),
    pack(JSON.stringify(draft.settings)),
    draft.text === undefined ? undefined : pack(draft.text),
  ]);
  return { json, layout, settings, text, title: draft.settings.title };
}

/** The drafts: for each flow its saved states, of which the last one is the draft. */
export class Drafts {
  readonly #current: Database.Statement<[number], State>;
  readonly #state: Database.Statement<[number, number], State>;
  readonly #add: Database.Statement<[State]>;
  readonly #source: Database.Statement<[number, string], { text: string }>;

  constructor(
    private readonly db: Database.Database,
    private readonly blobs: Blobs,
  ) {
    this.#current = db.prepare("SELECT * FROM state WHERE flow = ? ORDER BY n DESC LIMIT 1");
    this.#state = db.prepare("SELECT * FROM state WHERE flow = ? AND n = ?");
    this.#add = db.prepare(
      "INSERT INTO state VALUES (@flow, @n, @etag, @at, @by, @title, @json, @layout, @settings, @text)",
    );
    this.#source = db.prepare("SELECT text FROM source WHERE flow = ? AND json = ?");
  }

  /** The draft of a flow: every flow has one. */
  current(flow: number): State {
    return this.#current.get(flow)!;
  }

  state(flow: number, n: number): State | undefined {
    return this.#state.get(flow, n);
  }

  /**
   * Makes a draft the current one. What equals the current one is no new state.
   * Runs in the caller's transaction, or in one of its own.
   */
  save(flow: number, draft: PackedDraft, { by, at }: Save): State {
    const save = this.db.transaction((): State => {
      const before = this.#current.get(flow);
      const parts = {
        json: this.blobs.put(draft.json),
        layout: this.blobs.put(draft.layout),
        settings: this.blobs.put(draft.settings),
        text: draft.text ? this.blobs.put(draft.text) : null,
      };
      if (before && PARTS.every((part) => before[part] === parts[part])) return before;
      const n = (before?.n ?? 0) + 1;
      // Of number and content: after an older backup was restored the same number means something else.
      const etag = `"${n}-${sha256(JSON.stringify(parts)).slice(0, 16)}"`;
      const state: State = { flow, n, etag, at, by, title: draft.title ?? null, ...parts };
      this.#add.run(state);
      reached("draft saved");
      if (n % THIN_EVERY === 0) this.thin(flow, at);
      return state;
    });
    return save();
  }

  /** Keeps the text that a flow was imported with. */
  keepSource(flow: number, json: string, text: Packed): void {
    this.db.prepare("INSERT OR REPLACE INTO source VALUES (?, ?, ?)").run(flow, json, this.blobs.put(text));
  }

  hasSource(state: State): boolean {
    return this.#source.get(state.flow, state.json) !== undefined;
  }

  /** The text that the state's flow was imported with. */
  async source(state: State): Promise<string | undefined> {
    const found = this.#source.get(state.flow, state.json);
    return found && this.blobs.text(found.text);
  }

  /** The parts of a state as the JSON texts that they are stored as. */
  async texts(state: State): Promise<{ json: string; layout: string; settings: string; text: string | undefined }> {
    const [json, layout, settings, text] = await Promise.all([
      this.blobs.text(state.json),
      this.blobs.text(state.layout),
      this.blobs.text(state.settings),
      state.text === null ? undefined : this.blobs.text(state.text),
    ]);
    return { json, layout, settings, text };
  }

  /** The draft as one JSON text: it is not parsed on its way out. */
  async json(state: State): Promise<string> {
    const { json, layout, settings, text } = await this.texts(state);
    const kept = text === undefined ? "" : `,"text":${JSON.stringify(text)}`;
    return `{"flow":${json},"layout":${layout},"settings":${settings}${kept}}`;
  }

  /** The saved states, newest first. */
  states(flow: number): DraftStates["states"] {
    const rows = this.db.prepare<[number], State>("SELECT * FROM state WHERE flow = ? ORDER BY n DESC").all(flow);
    return rows.map((row, i) => {
      const before = rows[i + 1];
      const parts = PARTS.filter((part) => row[part] !== (before?.[part] ?? null));
      return {
        state: row.n,
        etag: row.etag,
        at: new Date(row.at).toISOString(),
        by: row.by,
        parts: parts.map((part) => (part === "json" ? "flow" : part)),
      };
    });
  }

  /** Removes the states whose time has come, and the texts that only they had. */
  thin(flow: number, now: number): void {
    this.db.transaction(() => {
      const rows = this.db.prepare<[number], State>("SELECT * FROM state WHERE flow = ? ORDER BY n").all(flow);
      const gone = new Set(thin(rows, now));
      const remove = this.db.prepare("DELETE FROM state WHERE flow = ? AND n = ?");
      for (const n of gone) remove.run(flow, n);
      const left = new Set(rows.filter((row) => !gone.has(row.n)).map((row) => row.json));
      const orphans: string[] = [];
      for (const row of rows) {
        if (!gone.has(row.n)) continue;
        orphans.push(row.json, row.layout, row.settings, ...(row.text === null ? [] : [row.text]));
        // The imported text of a flow that no state has any more.
        const source = left.has(row.json) ? undefined : this.#source.get(flow, row.json);
        if (source) {
          this.db.prepare("DELETE FROM source WHERE flow = ? AND json = ?").run(flow, row.json);
          orphans.push(source.text);
        }
      }
      this.blobs.sweep(orphans);
    })();
  }
}
