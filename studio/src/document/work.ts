import type { Layout, Point } from "@parley/shared/flow/layout";
import type { Settings } from "@parley/shared/flow/settings";
import type { Change } from "./change.js";
import type { Draft, Json } from "./draft.js";
import { Fields } from "./fields.js";

/** A draft that changes are being applied to: objects of thousands of keys are copied once for all of them. */
export class Work {
  flow!: Fields<Json>;
  settings!: Fields<Settings[keyof Settings]>;
  #layout!: Fields<Layout[keyof Layout]>;
  #positions: Fields<Point> | undefined;
  #draft!: Draft;

  constructor(draft: Draft) {
    this.#begin(draft);
  }

  #begin(draft: Draft): void {
    this.#draft = draft;
    this.flow = new Fields(draft.flow);
    this.settings = new Fields(draft.settings);
    this.#layout = new Fields(draft.layout);
    this.#positions = draft.layout.positions && new Fields(draft.layout.positions);
  }

  /** The positions; when the layout has none, undefined. */
  get positions(): Fields<Point> | undefined {
    return this.#positions;
  }

  /** The parts of the layout but for the positions, which are `positions`. */
  get layout(): Fields<Layout[keyof Layout]> {
    if (this.#positions) this.#layout.set("positions", this.#positions.toObject());
    return this.#layout;
  }

  /** Begins with the layout's parts anew, after one was set or taken away. */
  layoutChanged(): void {
    const positions = this.#layout.get("positions") as Layout["positions"];
    this.#positions = positions && new Fields(positions);
  }

  list<Part extends "notes" | "groups">(part: Part): NonNullable<Layout[Part]> | undefined {
    return this.#layout.get(part) as NonNullable<Layout[Part]> | undefined;
  }

  setList<Part extends "notes" | "groups">(part: Part, list: Layout[Part]): void {
    this.#layout.set(part, list);
  }

  replace(draft: Draft): Change[] {
    const old = this.draft();
    if (old === draft) return [];
    this.#begin(draft);
    return [{ kind: "replace", draft: old }];
  }

  /** The draft as it is now; what did not change is the same object as before. */
  draft(): Draft {
    const { flow, layout, settings } = this.#draft;
    const made = {
      flow: this.flow.toObject(),
      layout: this.layout.toObject() as Layout,
      settings: this.settings.toObject() as Settings,
    };
    if (made.flow !== flow || made.layout !== layout || made.settings !== settings) this.#draft = made;
    return this.#draft;
  }
}
