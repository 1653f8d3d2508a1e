/** What the studio's sockets tell on. */
export type StudioEvent =
  | { readonly kind: "saved"; readonly flow: string; readonly etag: string; readonly by: string; readonly tab?: string }
  /** A line of the list of flows says something else now. */
  | { readonly kind: "flow"; readonly flow: string }
  /** Conversations of a flow began or went on, or one was erased. */
  | { readonly kind: "conversations"; readonly flow: string }
  /** Somebody's tab has come or gone, or who is there for visitors is another now. `left`: whose tab has gone. */
  | { readonly kind: "people"; readonly left?: string }
  /** A session may have ended. */
  | { readonly kind: "access" };

/** Listeners in one process; nothing is kept. */
export class StudioEvents {
  readonly #listeners = new Set<(event: StudioEvent) => void>();

  emit(event: StudioEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Returns the function that ends it. */
  on(listener: (event: StudioEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
