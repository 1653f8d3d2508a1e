import type { Marks } from "../app/editor/shown-findings.js";
import { KINDS } from "../canvas/kinds.js";
import { portLabel } from "../canvas/project-parts.js";
import { portKind } from "../canvas/step-words.js";
import type { Port, Step, StepGraph } from "../document/steps.js";
import type { Row } from "./rows.js";

/** A row with what stands on it. The same object as before when nothing of it changed. */
export type Item = {
  readonly row: Row;
  readonly step: Step;
  /** Of a way out. */
  readonly port: Port | undefined;
  /** Where it leads, in words; empty for a step whose ways out have rows of their own. */
  readonly leads: string;
  readonly marks: Marks | undefined;
  /** Whether the rows below it are shown; absent: it has none. */
  readonly open: boolean | undefined;
  /** While a search is on: whether this is among what it found. */
  readonly found: boolean | undefined;
};

/** So many rows are drawn at a time: what is far away is there by its name only. */
export const CHUNK = 40;

type Shown = {
  readonly graph: StepGraph;
  readonly closed: ReadonlySet<string>;
  readonly marks: ReadonlyMap<string, Marks>;
  readonly found: ReadonlySet<string> | undefined;
};

/** Rows with their content, in chunks; chunks in which nothing changed are the same arrays again. */
export function chunksOf(
  rows: readonly Row[],
  { graph, marks, found, closed }: Shown,
  previous: readonly (readonly Item[])[],
): (readonly Item[])[] {
  const chunks: (readonly Item[])[] = [];
  for (let at = 0; at < rows.length; at += CHUNK) {
    const before = previous[chunks.length] ?? [];
    const items = rows.slice(at, at + CHUNK).flatMap((row, index) => {
      const step = graph.byId.get(row.step);
      if (step === undefined) return [];
      const port = row.port === undefined ? undefined : step.ports.find(({ id }) => id === row.port);
      const leads = port === undefined ? stepLeads(step, graph) : portLeads(port, graph);
      const open = row.opens ? !closed.has(row.key) : undefined;
      const made: Item = { row, step, port, leads, marks: marks.get(row.step), open, found: found?.has(row.step) };
      const old = before[index];
      return old !== undefined && same(old, made) ? [old] : [made];
    });
    chunks.push(items.length === before.length && items.every((item, i) => item === before[i]) ? before : items);
  }
  return chunks;
}

const same = (a: Item, b: Item): boolean =>
  a.row === b.row &&
  a.step === b.step &&
  a.port === b.port &&
  a.leads === b.leads &&
  a.marks === b.marks &&
  a.open === b.open &&
  a.found === b.found;

function stepLeads({ ports, kind }: Step, graph: StepGraph): string {
  const ways = ports.filter(({ kind }) => kind !== "then");
  if (ways.length > 0) {
    const [one, more] = kind === "text" ? ["way on", "ways on"] : ["answer", "answers"];
    return `${ways.length} ${ways.length === 1 ? one : more}`;
  }
  return ports[0] === undefined ? "" : portLeads(ports[0], graph);
}

function portLeads({ to, missing, ends }: Port, graph: StepGraph): string {
  const next = to === undefined ? undefined : graph.byId.get(to);
  if (next !== undefined) return next.title;
  if (missing !== undefined) return "Nowhere: that step is not there";
  return ends ? "Ends here" : "Leads nowhere";
}

/** A row as one sentence, for whoever hears it: kind, text, where it leads, what is wrong. */
export function itemWords({ step, port, leads, marks }: Item): string {
  if (port !== undefined) {
    const label = portLabel(step, port.id) || "without words";
    return [`${portKind(step)}${label}`, leadsWords(port, leads), markWord(marks?.ports.get(port.id))]
      .filter(Boolean)
      .join(", ");
  }
  const only = step.ports.length === 1 && step.ports[0]?.kind === "then" ? step.ports[0] : undefined;
  return [
    `${KINDS[step.kind].label}: ${step.title}`,
    step.start && "the conversation starts here",
    only === undefined ? leads : leadsWords(only, leads),
    ...(marks === undefined ? [] : problemWords(marks)),
    step.why,
  ]
    .filter(Boolean)
    .join(", ");
}

const leadsWords = ({ to }: Port, leads: string): string => (to === undefined ? leads.toLowerCase() : `then ${leads}`);

const markWord = (severity: "error" | "warning" | undefined): string | undefined =>
  severity && (severity === "error" ? "a problem" : "a hint");

/** More than so many sentences nobody listens to: the list of problems has them all. */
const MOST_SENTENCES = 3;

function problemWords({ problems, hints, sentences }: Marks): string[] {
  const count = (number: number, one: string) => (number === 0 ? [] : [`${number} ${one}${number === 1 ? "" : "s"}`]);
  return [...count(problems, "problem"), ...count(hints, "hint"), ...sentences.slice(0, MOST_SENTENCES)];
}
