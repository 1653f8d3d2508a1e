import type { Graph } from "../graph.js";
import type { Model, ModelState } from "../model.js";
import type { Path } from "../pointer.js";
import type { Place, Report } from "../report.js";

/** What every rule reads. A rule looks at one thing, adds its findings and changes nothing. */
export type Checked = {
  readonly flow: Readonly<Record<string, unknown>>;
  /** Its JSON in bytes, when that may matter (see `measure`). */
  readonly bytes: number;
  readonly model: Model;
  readonly graph: Graph;
  /** The names that the page may set (F12). */
  readonly variables: ReadonlySet<string>;
  readonly report: Report;
};
export type Rule = (checked: Checked) => void;

/** A place inside a state. */
export const inState = (state: ModelState, ...path: Path): Place => ({ state, path });
export const inFlow: Place = { state: undefined, path: [] };
