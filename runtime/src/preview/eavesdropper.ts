import type { PreviewLog } from "@parley/shared/api/socket";
import { hideSecrets } from "@parley/shared/protocol/secrets";
import type { LogRecord } from "@parley/shared/record";

/** Lines kept for whoever opens the drawer later, and characters of each. */
const KEPT = 300;
const LONGEST = 4_000;

type Line = PreviewLog["lines"][number];

/** Every frame and record of a preview, for the studio's drawer: kept, and told while somebody watches. */
export class Eavesdropper {
  #lines: Line[] = [];
  #untold: Line[] = [];
  #watched = false;
  #n = 0;

  constructor(
    private readonly preview: string,
    private readonly began: number,
    private readonly tell: (frame: PreviewLog) => void,
  ) {}

  /** Tells all that is kept, and what comes from now on; or no more. */
  watch(on: boolean): void {
    if (on && !this.#watched) this.#untold = [...this.#lines];
    this.#watched = on;
    if (on) this.#flush();
  }

  heard(way: "in" | "out", text: string, now: number): void {
    this.#add(way, text, now);
  }

  record(record: LogRecord, now: number): void {
    this.#add("record", JSON.stringify(record), now);
  }

  #add(way: Line["way"], text: string, now: number): void {
    const shown = hideSecrets(text);
    const line = { n: ++this.#n, ms: now - this.began, way, text: shown.slice(0, LONGEST) };
    this.#lines.push(line);
    if (this.#lines.length > KEPT) this.#lines = this.#lines.slice(-KEPT);
    if (!this.#watched) return;
    // What comes in one turn is told at once.
    if (this.#untold.push(line) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const lines = this.#untold.slice(-KEPT);
    this.#untold = [];
    if (lines.length > 0 && this.#watched) this.tell({ kind: "PreviewLog", preview: this.preview, lines });
  }
}
