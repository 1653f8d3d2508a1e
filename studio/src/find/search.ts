import { plainText } from "@parley/shared/flow/rich-text";
import type { Marks } from "../app/editor/shown-findings.js";
import { portLabel } from "../canvas/project-parts.js";
import { itemKey } from "../document/commands/command.js";
import type { Draft } from "../document/draft.js";
import type { Port, Step, StepGraph } from "../document/steps.js";

/** What was found: a step, one of its ways out, or a note. */
export type Match = {
  /** Its key in a selection. */
  readonly item: string;
  readonly port?: string;
};
/** What may be found: everything, or only where something is wrong. */
export type Among = "all" | "problems" | "hints";

type Sought = {
  readonly graph: StepGraph;
  readonly layout: Draft["layout"];
  readonly marks: ReadonlyMap<string, Marks>;
  readonly words: string;
  readonly among: Among;
};

/**
 * Steps, ways out and notes that hold the words, in names, content or ids; letters count as the same with and without
 * marks, in both cases. Without words: all that are sought among, or nothing of everything. In the order of the steps.
 */
export function search({ graph, layout, marks, words, among }: Sought): Match[] {
  const wanted = folded(words.trim());
  if (wanted === "" && among === "all") return [];
  const found: Match[] = [];
  for (const step of graph.steps) {
    if (!isAmong(marks.get(step.id), among)) continue;
    const texts = textsOf(step);
    const ports = wanted === "" ? [] : texts.ports.filter(({ text }) => text.includes(wanted));
    // A step is found by its own words; else by those of its ways out.
    if (wanted === "" || texts.own.includes(wanted)) found.push({ item: step.id });
    for (const { port } of ports) found.push({ item: step.id, port });
  }
  if (among !== "all" || wanted === "") return found;
  for (const { id, text, author } of layout.notes ?? []) {
    if (folded(`${text}\n${author ?? ""}`).includes(wanted)) found.push({ item: itemKey("note", id) });
  }
  return found;
}

function isAmong(marks: Marks | undefined, among: Among): boolean {
  if (among === "all") return true;
  return ((among === "problems" ? marks?.problems : marks?.hints) ?? 0) > 0;
}

type Texts = { readonly own: string; readonly ports: readonly { readonly port: string; readonly text: string }[] };
/** Steps are never changed: their texts are folded once. */
const known = new WeakMap<Step, Texts>();

function textsOf(step: Step): Texts {
  let texts = known.get(step);
  if (texts === undefined) {
    const inPorts = new Set(step.ports.flatMap(({ state, end }) => [state, end]));
    const states = step.states.filter((state) => !inPorts.has(state));
    texts = {
      own: folded([plainText(step.text), step.prompt, step.ref, ...states].join("\n")),
      ports: step.ports
        .filter(({ kind }) => kind !== "then")
        .map((port) => ({ port: port.id, text: portText(step, port) })),
    };
    known.set(step, texts);
  }
  return texts;
}

const portText = (step: Step, { id, item, state, end }: Port): string =>
  folded([portLabel(step, id), item, state, end].join("\n"));

const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLocaleLowerCase()
    .replace(/[^\S\n]+/g, " ");

/** The match that follows what is in hand; `by` goes on from there. */
export function matchFrom(
  matches: readonly Match[],
  here: Match | undefined,
  by: -1 | 0 | 1,
  order: ReadonlyMap<string, number>,
): number {
  if (matches.length === 0) return -1;
  const at = matches.findIndex(({ item, port }) => item === here?.item && port === here.port);
  if (at >= 0) return (at + by + matches.length) % matches.length;
  const place = here === undefined ? -1 : (order.get(here.item) ?? -1);
  const next = matches.findIndex(({ item }) => (order.get(item) ?? Number.POSITIVE_INFINITY) >= place);
  if (by === -1) return ((next < 0 ? matches.length : next) - 1 + matches.length) % matches.length;
  return Math.max(next, 0);
}
