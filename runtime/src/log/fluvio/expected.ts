/** What became of an append that was flushed: `lost` where what was sent behind it was read, and it was not. */
export type ReadBack = "read" | "lost" | "late";

type Entry = { readonly left: Set<string>; wake: () => void };

/**
 * Appends of this process that are to be read back from a partition. A partition keeps the order in which one process
 * sends, so one that another has overtaken is not there.
 */
export class Expected {
  readonly #entries = new Set<Entry>();
  readonly #byKey = new Map<string, Set<Entry>>();
  readonly #lost = new Set<Entry>();

  /** Expects every one of these, in the order of the calls. Before they are sent: they may be read at once. */
  add(keys: readonly string[]): Expectation {
    return new Expectation(this, keys);
  }

  /** One was read. */
  read(key: string): void {
    for (const entry of this.#byKey.get(key) ?? []) {
      entry.left.delete(key);
      if (entry.left.size > 0) continue;
      for (const before of this.#entries) {
        if (before === entry) break;
        this.#lost.add(before);
        before.wake();
      }
      entry.wake();
    }
    this.#byKey.delete(key);
  }

  put(keys: readonly string[], wake: () => void): Entry {
    const entry = { left: new Set(keys), wake };
    this.#entries.add(entry);
    for (const key of keys) this.#byKey.set(key, (this.#byKey.get(key) ?? new Set()).add(entry));
    return entry;
  }

  take(entry: Entry): void {
    this.#entries.delete(entry);
    this.#lost.delete(entry);
    for (const key of entry.left) {
      const entries = this.#byKey.get(key);
      entries?.delete(entry);
      if (entries?.size === 0) this.#byKey.delete(key);
    }
  }

  state(entry: Entry): ReadBack {
    if (entry.left.size === 0) return "read";
    return this.#lost.has(entry) ? "lost" : "late";
  }
}

export class Expectation {
  #wake = (): void => undefined;
  #entry: Entry;

  constructor(
    private readonly of: Expected,
    private readonly keys: readonly string[],
  ) {
    this.#entry = this.#put();
  }

  /** Resolves when it is read or lost, or after so many ms. */
  async back(ms: number): Promise<ReadBack> {
    if (this.of.state(this.#entry) === "late") {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.of.state(this.#entry);
  }

  /** It is sent once more, behind everything that was sent before. */
  again(): void {
    this.forget();
    this.#entry = this.#put();
  }

  forget(): void {
    this.of.take(this.#entry);
  }

  #put(): Entry {
    return this.of.put(this.keys, () => this.#wake());
  }
}
