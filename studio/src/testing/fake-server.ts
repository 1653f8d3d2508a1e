import type { Draft } from "../document/draft.js";
import type { SaveDraft, SavedDraft, SaveOutcome, Timer } from "../editor/autosave.js";
import { createEditor, type Editor, type EditorOptions } from "../editor/store.js";
import type { Storage } from "../editor/unsaved.js";

/** A server that keeps one draft, for tests. */
export class FakeServer {
  saved: SavedDraft;
  version = 1;
  /** How many requests came. */
  requests = 0;
  /** What it does with the next requests, one each, in place of saving. */
  readonly answers: ((saved: SavedDraft, etag: string) => SaveOutcome | Promise<SaveOutcome>)[] = [];

  constructor(draft: Draft) {
    this.saved = { draft };
  }

  get etag(): string {
    return `"${this.version}"`;
  }

  /** Somebody else's save. */
  put(draft: Draft): void {
    this.saved = { draft };
    this.version += 1;
  }

  readonly save: SaveDraft = async (saved, etag) => {
    this.requests += 1;
    const answer = this.answers.shift();
    return answer ? answer(saved, etag) : this.keep(saved, etag);
  };

  keep(saved: SavedDraft, etag: string): SaveOutcome {
    if (etag !== this.etag) return { kind: "stale", newer: this.saved, etag: this.etag };
    // As it comes over the wire.
    this.saved = JSON.parse(JSON.stringify(saved));
    this.version += 1;
    return { kind: "saved", etag: this.etag };
  }
}

/** A clock that goes by hand. */
export class FakeClock {
  time = 0;
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  readonly now = (): number => this.time;
  readonly timer: Timer = (run, ms) => {
    const timer = { at: this.time + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets time pass, with all that it starts. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.time = next.at;
      this.#timers.delete(next);
      next.run();
      await settled();
    }
    this.time = end;
    await settled();
  }
}

/** What was begun and needs no time has ended. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function fakeStorage(): Storage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/** An editor of what a server has. */
export function openEditor(server: FakeServer, clock: FakeClock, options: Partial<EditorOptions> = {}): Editor {
  let ids = 0;
  return createEditor({
    flowId: "flow",
    draft: server.saved.draft,
    ...(server.saved.text !== undefined && { text: server.saved.text }),
    etag: server.etag,
    save: server.save,
    now: clock.now,
    ids: () => `id${++ids}`,
    published: new Set(),
    timer: clock.timer,
    ...options,
  });
}
