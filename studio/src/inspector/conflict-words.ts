import type { Change } from "../document/change.js";
import type { Json, Place } from "../document/draft.js";
import type { Conflict } from "../document/rebase.js";
import { factsOf, firstWords } from "../document/state-facts.js";
import type { StepGraph } from "../document/steps.js";
import { type Field, isSameField } from "./caret.js";
import { fieldAt } from "./fields.js";

export type ConflictWords = {
  /** What happened, one sentence. */
  readonly says: string;
  readonly mine: string;
  readonly theirs: string;
  readonly takeMine: string;
  readonly takeTheirs: string;
};

/** A conflict in words, for whoever has to choose. */
export function conflictWords(conflict: Conflict, graph: StepGraph): ConflictWords {
  const { kind, changes, mine, theirs, place } = conflict;
  const choose = { takeMine: "Take mine", takeTheirs: "Keep theirs" };
  if (kind === "deleted") {
    const says = `Somebody else deleted ${nameOf(place, mine, graph)}, which you changed.`;
    return {
      says,
      mine: valueWords(mine, graph),
      theirs: "Deleted",
      takeMine: "Bring it back",
      takeTheirs: "Leave it deleted",
    };
  }
  if (kind === "kept") {
    const says = `Somebody else changed ${nameOf(place, theirs, graph)}, which you deleted.`;
    return { says, mine: "Deleted", theirs: valueWords(theirs, graph), takeMine: "Delete it", takeTheirs: "Keep it" };
  }
  // At its field it needs no name.
  const what = fieldOfConflict(conflict, graph) ? "this" : subject(place, changes, graph);
  const says = `Somebody else changed ${what} too.`;
  const leads = place[1] === "next";
  return { says, mine: valueWords(mine, graph, leads), theirs: valueWords(theirs, graph, leads), ...choose };
}

function subject(place: Place, changes: readonly Change[], graph: StepGraph): string {
  const [change] = changes;
  switch (change?.kind) {
    case "renameState":
      return `the name of ${nameOf(place, undefined, graph)}`;
    case "renameGroup":
    case "renameChat":
    case "renameItem":
      return `the ID ‘${change.from}’`;
    case "setting":
      return SETTINGS[change.key] ?? "the settings";
    case "note":
      return "a note";
    case "replace":
      return "the flow, which you replaced,";
    default:
      return place.length < 2 ? "this" : nameOf(place, undefined, graph);
  }
}

const SETTINGS: Readonly<Record<string, string>> = {
  title: "the title",
  origins: "the allowed sites",
  appearance: "the look",
  variables: "the names that the page may set",
};

/** The step of a place by its words; `state` is what stood there, when it is in the draft no longer. */
function nameOf([name]: Place, state: Json | undefined, graph: StepGraph): string {
  const step = typeof name === "string" ? graph.byId.get(graph.stepOf.get(name) ?? name) : undefined;
  if (step) return `‘${step.title}’`;
  const title = state === undefined ? "" : factsOf(state).title;
  return title === "" ? "a step" : `‘${title}’`;
}

/** A value on one line. The name of a step, where one leads, is its words; a step is its text. */
function valueWords(value: Json | undefined, graph: StepGraph, leads = false): string {
  if (value === undefined || value === "") return "Nothing";
  if (typeof value === "string") {
    const step = leads ? graph.byId.get(graph.stepOf.get(value) ?? value) : undefined;
    return step?.title ?? value;
  }
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ") || "Nothing";
  return factsOf(value).title || firstWords(JSON.stringify(value));
}

/** The conflict about a field, if there is one. */
export const conflictOf = (conflicts: readonly Conflict[], graph: StepGraph, field: Field): Conflict | undefined =>
  conflicts.find((conflict) => isSameField(fieldOfConflict(conflict, graph), field));

/** The field at which a conflict is shown; undefined: it is about no field of a step. */
export const fieldOfConflict = ({ kind, place }: Conflict, graph: StepGraph): Field | undefined =>
  kind === "field" && place.length > 1 ? fieldAt(graph, place) : undefined;
