import { firstUnits } from "../text.js";

/** Names for states that fixes add: unique in the flow and among themselves, whatever stands in it. */
export class FreeNames {
  readonly #taken: { has(name: string): boolean };
  readonly #given = new Set<string>();
  readonly #next = new Map<string, number>();

  constructor(taken: { has(name: string): boolean }) {
    this.#taken = taken;
  }

  /** A name made of two others; within 200 bytes, and never like a number. */
  take(first: string, second: string): string {
    const base = `${firstUnits(first, 28)}-${firstUnits(second, 28)}`;
    let name = base;
    let n = this.#next.get(base) ?? 2;
    while (this.#taken.has(name) || this.#given.has(name)) name = `${base}-${n++}`;
    this.#next.set(base, n);
    this.#given.add(name);
    return name;
  }
}
