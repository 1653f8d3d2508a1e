import type { Finding, Severity } from "@parley/shared/flow/finding";
import { placeOfFinding, type StepGraph } from "../../document/steps.js";

/** What is wrong with a step, for the badges of its card. */
export type Marks = {
  readonly problems: number;
  readonly hints: number;
  /** The first sentence of each, for the badge's own words. */
  readonly sentences: readonly string[];
  readonly ports: ReadonlyMap<string, Severity>;
};

/** The findings that are shown, by step. */
export function marksOf(
  shown: readonly PlacedFinding[],
  previous?: ReadonlyMap<string, Marks>,
): ReadonlyMap<string, Marks> {
  type Growing = { problems: number; hints: number; sentences: string[]; ports: Map<string, Severity> };
  const marks = new Map<string, Growing>();
  for (const { finding, place } of shown) {
    if (place === undefined) continue;
    const mark: Growing = marks.get(place.step) ?? { problems: 0, hints: 0, sentences: [], ports: new Map() };
    marks.set(place.step, mark);
    if (finding.severity === "error") mark.problems += 1;
    else mark.hints += 1;
    mark.sentences.push(finding.plain);
    if (place.port !== undefined && mark.ports.get(place.port) !== "error")
      mark.ports.set(place.port, finding.severity);
  }
  for (const [step, mark] of marks) {
    const before = previous?.get(step);
    if (before !== undefined && same(before, mark)) marks.set(step, before as Growing);
  }
  return marks;
}

/** A finding with the step (and way out) that it is about; without: the flow as a whole. */
export type PlacedFinding = {
  readonly finding: Finding;
  readonly place: { readonly step: string; readonly port?: string } | undefined;
};

/** What one has in hand: not everything about it is said yet. */
export type InHand = {
  /** Steps that were made just now and not left yet. */
  readonly fresh: ReadonlySet<string>;
  readonly selection: readonly string[];
  /** By `findingKey`: what was known about the selected steps when they were taken in hand. */
  readonly known: ReadonlySet<string>;
};

/**
 * The findings that are shown, with their places. One is not told about what one is about to write: a step that was made
 * just now and is still in hand shows none, and of another that is in hand no new hint is shown until it is left.
 */
export function shownFindings(graph: StepGraph, findings: readonly Finding[], inHand: InHand): PlacedFinding[] {
  const placed = placeAll(graph, findings);
  const unreached = new Set(
    placed.flatMap(({ finding, place }) =>
      finding.code === "unreachable" && place !== undefined && place.port === undefined ? [place.step] : [],
    ),
  );
  const { fresh, known } = inHand;
  const selection = new Set(inHand.selection);
  return placed.filter(({ finding, place }) => {
    if (place === undefined) return true;
    // Where nothing leads to a question, nothing leads to its answers: it is said once.
    const again = finding.code === "unreachable" && place.port !== undefined && unreached.has(place.step);
    const isNew = finding.severity === "warning" && selection.has(place.step) && !known.has(findingKey(finding));
    return !again && !fresh.has(place.step) && !isNew;
  });
}

const placeAll = (graph: StepGraph, findings: readonly Finding[]): PlacedFinding[] =>
  findings.map((finding) => ({ finding, place: placeOfFinding(graph, finding) }));

/** Names a finding among those of one draft, and over edits that do not touch it. */
export const findingKey = ({ code, pointer }: Finding): string => `${code} ${pointer}`;

/** What is known about the steps that are taken in hand. */
export function knownFindings(
  graph: StepGraph,
  findings: readonly Finding[],
  selection: readonly string[],
): ReadonlySet<string> {
  const taken = new Set(selection);
  const about = placeAll(graph, findings).filter(({ place }) => place !== undefined && taken.has(place.step));
  return new Set(about.map(({ finding }) => findingKey(finding)));
}

/**
 * Which steps are fresh now: the one that came to be written next, until it is left. What an undo brings back, or has
 * another name, is none.
 * @param written the step whose text is to be edited next
 */
export function freshSteps(
  fresh: ReadonlySet<string>,
  { before, now }: { readonly before: StepGraph; readonly now: StepGraph },
  selection: readonly string[],
  written: string | undefined,
): ReadonlySet<string> {
  const isNew = (id: string) => id === written && now.byId.has(id) && !before.byId.has(id);
  const next = selection.filter((id) => fresh.has(id) || isNew(id));
  return next.length === fresh.size && next.every((id) => fresh.has(id)) ? fresh : new Set(next);
}

function same(a: Marks, b: Marks): boolean {
  return (
    a.problems === b.problems &&
    a.hints === b.hints &&
    a.sentences.length === b.sentences.length &&
    a.sentences.every((sentence, index) => sentence === b.sentences[index]) &&
    a.ports.size === b.ports.size &&
    [...a.ports].every(([port, severity]) => b.ports.get(port) === severity)
  );
}
