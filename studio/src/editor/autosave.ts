import { sameJson } from "@parley/shared/flow/json";
import type { Change } from "../document/change.js";
import type { Conflict } from "../document/conflict.js";
import type { Draft } from "../document/draft.js";
import { joinChanges } from "../document/join-changes.js";
import type { UnsavedStorage } from "./unsaved.js";

/** A draft as the server keeps it. `text`: what the JSON view holds and does not parse. */
export type SavedDraft = { readonly draft: Draft; readonly text?: string };

export type SaveOutcome =
  | { readonly kind: "saved"; readonly etag: string }
  /** 412: somebody else saved since. */
  | { readonly kind: "stale"; readonly newer: SavedDraft; readonly etag: string }
  /** No answer came. */
  | { readonly kind: "offline" }
  /** The server refuses it. `later`: for now; otherwise trying again will not help. */
  | { readonly kind: "refused"; readonly message: string; readonly later?: boolean };

/** PUT with If-Match; on 412 it fetches the newer draft. What it throws counts as `offline`. `changes`: since the ETag. */
export type SaveDraft = (saved: SavedDraft, etag: string, changes: readonly Change[]) => Promise<SaveOutcome>;

/** `saved`: nothing is unsaved. `offline`: kept on this machine, tried again. `error`: refused by the server. */
export type SaveState = "saved" | "saving" | "offline" | "conflict" | "error";

/** Runs something after some milliseconds; what it returns takes that back. */
export type Timer = (run: () => void, ms: number) => () => void;

/** So long after the last change a save begins, and at the latest so long after the first; in milliseconds. */
const SAVE_AFTER = 500;
const SAVE_WITHIN = 3000;
/** The wait before trying again while no answer comes: doubled each time, up to the second. */
const RETRY_FIRST = 1000;
const RETRY_MOST = 30_000;
/** So many newer drafts in a row are merged at once; then the others get a moment. */
const MERGES_AT_ONCE = 5;

const MAX_UNANSWERED = 10;

export type AutosavePorts = {
  readonly save: SaveDraft;
  readonly timer: Timer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly storage: UnsavedStorage;
  /** The present draft. */
  readonly current: () => SavedDraft;
  /** What one has not chosen yet: it is kept with what is unsaved. */
  readonly conflicts: () => readonly Conflict[];
  readonly onState: (state: Exclude<SaveState, "conflict">, message?: string) => void;
  /**
   * Makes the newer draft with the unsaved changes the present one.
   * @returns the changes as they are on the newer draft
   */
  readonly onNewer: (newer: SavedDraft, base: SavedDraft, unsaved: readonly Change[]) => readonly Change[];
  /** Writes down what is still being typed: it ends in `changed`. */
  readonly write: () => void;
};

/**
 * Saves what changes, one request at a time. Nothing is given up: what is not saved stays unsaved through lost networks
 * and other people's saves, and (in the storage) a closed tab.
 */
export class Autosave {
  readonly #ports: AutosavePorts;
  #etag: string;
  /** What the server has, as far as is known. */
  #base: SavedDraft;
  /** Changes that are on their way. */
  #sent: readonly Change[] = [];
  /** Changes after those. */
  #unsaved: readonly Change[] = [];
  /** When the first of them was made. */
  #since: number | undefined;
  #cancel: (() => void) | undefined;
  #saving: Promise<void> | undefined;
  #failures = 0;
  /** What was sent and not answered, with the changes since: the server may have it. */
  #unanswered: readonly { readonly sent: SavedDraft; readonly since: readonly Change[] }[] = [];
  #disposed = false;
  /** The page is about to go: what is kept may be taken over, however a save that is on its way ends. */
  #leaving = false;

  constructor(base: SavedDraft, etag: string, ports: AutosavePorts) {
    this.#base = base;
    this.#etag = etag;
    this.#ports = ports;
  }

  /** The present draft was changed by these changes; without any, its text was. */
  changed(changes: readonly Change[]): void {
    // Whoever goes on editing is still here.
    this.#leaving = this.#disposed;
    this.#unsaved = joinChanges(this.#unsaved, changes);
    this.#unanswered = this.#unanswered.map(({ sent, since }) => ({ sent, since: joinChanges(since, changes) }));
    this.#since ??= this.#ports.now();
    if (this.#failures > 0) {
      // The next try is waited for; it takes along what came since.
      this.#ports.onState("offline");
      this.keep();
      return;
    }
    this.#ports.onState("saving");
    this.#schedule();
  }

  /** Of what the server has, as far as this tab knows. */
  get etag(): string {
    return this.#etag;
  }

  /** Somebody else saved: takes that over. Ignored while a save is on its way, which will tell the same. */
  takeNewer(newer: SavedDraft, etag: string): void {
    if (this.#saving || etag === this.#etag) return;
    this.#merge(newer, etag);
    if (this.#isUnsaved()) this.#schedule();
  }

  /**
   * Reads what somebody else saved and takes it over. When a save of one's own ended meanwhile it is read again: which of
   * the two is newer cannot be told.
   * @throws what `read` throws
   */
  async takeFrom(read: () => Promise<{ readonly newer: SavedDraft; readonly etag: string }>): Promise<void> {
    while (!this.#disposed) {
      await this.#saving;
      const since = this.#etag;
      const { newer, etag } = await read();
      if (!this.#saving && this.#etag === since) return this.takeNewer(newer, etag);
    }
  }

  /** The page may be closed now: saves at once, and lets the next page take over what cannot be. */
  leave(): void {
    this.#leaving = true;
    void this.flush();
  }

  /** Saves at once; resolves when all is saved or cannot be. */
  async flush(): Promise<void> {
    this.keep();
    await this.#saving;
    if (this.#isUnsaved()) await this.#save();
  }

  /** Keeps what is unsaved, or waits for a choice, on this machine: the tab may close. Nothing is: it is taken away. */
  keep(): void {
    const conflicts = this.#ports.conflicts();
    if (!this.#isUnsaved() && conflicts.length === 0) return this.#ports.storage.clear();
    const { text } = this.#ports.current();
    const changes = joinChanges(this.#sent, this.#unsaved);
    const unsaved = { base: this.#base.draft, changes, conflicts, ...(text !== undefined && { text }) };
    this.#ports.storage.keep(unsaved, this.#leaving);
  }

  /** Ends the timers; what is unsaved is kept. A save that is on its way still counts. */
  dispose(): void {
    this.#disposed = true;
    this.#cancel?.();
    this.#leaving = true;
    this.keep();
  }

  #isUnsaved(): boolean {
    return this.#sent.length + this.#unsaved.length > 0 || this.#ports.current().text !== this.#base.text;
  }

  #schedule(): void {
    if (this.#saving || this.#disposed) return;
    this.#cancel?.();
    const now = this.#ports.now();
    const latest = (this.#since ?? now) + SAVE_WITHIN;
    this.#after(Math.max(0, Math.min(SAVE_AFTER, latest - now)));
  }

  #after(ms: number): void {
    if (!this.#disposed) this.#cancel = this.#ports.timer(() => void this.#save(), ms);
  }

  #save(): Promise<void> {
    this.#cancel?.();
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #saveAll(): Promise<void> {
    for (let merges = 0; this.#isUnsaved(); ) {
      const sent = this.#ports.current();
      this.#sent = this.#unsaved;
      this.#unsaved = [];
      this.#since = undefined;
      this.#ports.onState("saving");
      const outcome = await this.#ports
        .save(sent, this.#etag, this.#sent)
        .catch((): SaveOutcome => ({ kind: "offline" }));
      if (outcome.kind === "saved") {
        this.#isSaved(sent, outcome.etag);
        // What was changed meanwhile waits its moment.
        if (this.#isUnsaved()) return this.#later();
        break;
      }
      if (outcome.kind !== "stale") return this.#failed(outcome, sent);
      if (this.#wasSaved(outcome.newer, outcome.etag)) continue;
      this.#merge(outcome.newer, outcome.etag);
      merges += 1;
      if (merges === MERGES_AT_ONCE && this.#isUnsaved()) return this.#later();
    }
    this.keep();
    this.#ports.onState("saved");
  }

  /** To be called while a save ends: the next one begins after it. */
  #later(): void {
    this.#after(SAVE_AFTER);
  }

  #merge(newer: SavedDraft, etag: string): void {
    // Another text in the same place would else take its place unseen.
    this.#ports.write();
    const unsaved = joinChanges(this.#sent, this.#unsaved);
    this.#sent = [];
    this.#unsaved = this.#ports.onNewer(newer, this.#base, unsaved);
    this.#base = newer;
    this.#etag = etag;
    this.#unanswered = [];
    this.#failures = 0;
  }

  #isSaved(saved: SavedDraft, etag: string): void {
    this.#etag = etag;
    this.#base = saved;
    this.#sent = [];
    this.#unanswered = [];
    this.#failures = 0;
  }

  /** Whether what the server has is one's own: it was saved, and only the answer was lost. */
  #wasSaved(newer: SavedDraft, etag: string): boolean {
    const own = this.#unanswered.find(({ sent }) => sent.text === newer.text && sameJson(sent.draft, newer.draft));
    if (!own) return false;
    this.#unsaved = own.since;
    this.#isSaved(own.sent, etag);
    return true;
  }

  #failed(outcome: Extract<SaveOutcome, { kind: "offline" | "refused" }>, sent: SavedDraft): void {
    if (outcome.kind === "offline") {
      this.#unanswered = [...this.#unanswered, { sent, since: this.#unsaved }].slice(-MAX_UNANSWERED);
    }
    this.#unsaved = joinChanges(this.#sent, this.#unsaved);
    this.#sent = [];
    this.keep();
    if (outcome.kind === "refused") {
      this.#ports.onState("error", outcome.message);
      if (outcome.later) this.#after(RETRY_MOST);
      return;
    }
    this.#ports.onState("offline");
    this.#after(Math.min(RETRY_FIRST * 2 ** this.#failures, RETRY_MOST));
    this.#failures += 1;
  }
}
