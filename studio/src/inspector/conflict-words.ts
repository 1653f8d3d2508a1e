import { sameJson } from "@parley/shared/flow/json";
import { factsOf, firstWords } from "@parley/shared/flow/state-facts";
import type { Change } from "../document/change.js";
import { type Draft, isObject, type Json, type Place } from "../document/draft.js";
import { valueAt } from "../document/place.js";
import type { Conflict } from "../document/rebase.js";
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
export function conflictWords(conflict: Conflict, graph: StepGraph, draft: Draft): ConflictWords {
  const { kind, changes, place } = conflict;
  const mine = mineOf(conflict);
  const theirs = theirsOf(conflict, draft);
  if (kind === "deleted") {
    const says = `Somebody else deleted ${subject(place, changes, graph, mine)}, which you changed.`;
    const choose = { takeMine: "Bring it back", takeTheirs: "Leave it deleted" };
    return { says, mine: valueWords(mine), theirs: "Deleted", ...choose };
  }
  if (kind === "kept") {
    const says = `Somebody else changed ${subject(place, changes, graph, theirs)}, which you deleted.`;
    return { says, mine: "Deleted", theirs: valueWords(theirs), takeMine: "Delete it", takeTheirs: "Keep it" };
  }
  // At its field it needs no name.
  const what = fieldOfConflict(conflict, graph) ? "this" : subject(place, changes, graph);
  const says = `Somebody else changed ${what} too.`;
  const words = place[1] === "next" ? (value: Json | undefined) => leadWords(value, graph) : valueWords;
  return { says, mine: words(mine), theirs: words(theirs), takeMine: "Take mine", takeTheirs: "Keep theirs" };
}

function mineOf({ changes: [change], mine, theirs }: Conflict): Json | undefined {
  if (change?.kind === "note") return change.note?.text;
  return change?.kind === "setting" ? differing(mine, theirs) : mine;
}

/** What is in the draft: they may have gone on meanwhile. */
function theirsOf({ kind, changes: [change], mine, theirs }: Conflict, { flow, layout }: Draft): Json | undefined {
  if (kind === "field" && change?.kind === "set") return valueAt(flow, change.at);
  if (change?.kind === "note") return layout.notes?.find(({ id }) => id === change.id)?.text;
  return change?.kind === "setting" ? differing(theirs, mine) : theirs;
}

/** Of a setting with parts, those that are not the same in both. */
function differing(value: Json | undefined, other: Json | undefined): Json | undefined {
  if (!isObject(value)) return value;
  const parts = Object.entries(value).filter(([key, part]) => !isObject(other) || !sameJson(part, other[key]));
  return parts.length === 0
    ? undefined
    : parts.map(([key, part]) => `${LOOK[key] ?? "Words"}: ${valueWords(part)}`).join(", ");
}

const LOOK: Readonly<Record<string, string>> = {
  color: "Colour",
  avatar: "Picture",
  greeting: "Greeting",
  position: "Button",
  pace: "Pace",
};

/** What a conflict is about; `state` is what stood there, when it is in the draft no longer. */
function subject(place: Place, changes: readonly Change[], graph: StepGraph, state?: Json): string {
  const [change] = changes;
  switch (change?.kind) {
    case "renameState":
      return `the name of ${nameOf(place, state, graph)}`;
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
      if (place.length === 0) return "the flow";
      return `${typeof place.at(-1) === "object" ? "an answer of " : ""}${nameOf(place, state, graph)}`;
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

/** A value on one line: a text, a list of them, the text of a step or an answer. */
function valueWords(value: Json | undefined): string {
  if (value === undefined || value === "") return "Nothing";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ") || "Nothing";
  if (isObject(value) && typeof value.content === "string") return valueWords(value.content);
  return isObject(value) ? factsOf(value).title || "No words" : firstWords(JSON.stringify(value));
}

/** The name of a step, where one leads, by the words of the step. */
function leadWords(value: Json | undefined, graph: StepGraph): string {
  const step = typeof value === "string" ? graph.byId.get(graph.stepOf.get(value) ?? value) : undefined;
  if (step) return step.title;
  return value === undefined || value === "" ? "Nowhere" : "A step that is not there";
}

/** The conflict about a field, if there is one. */
export const conflictOf = (conflicts: readonly Conflict[], graph: StepGraph, field: Field): Conflict | undefined =>
  conflicts.find((conflict) => isSameField(fieldOfConflict(conflict, graph), field));

/** The field at which a conflict is shown; undefined: it is about no field of a step. */
export const fieldOfConflict = ({ kind, place }: Conflict, graph: StepGraph): Field | undefined =>
  kind === "field" && place.length > 1 ? fieldAt(graph, place) : undefined;
