import type { FlowJson } from "../flow/json.js";
import { NearestName } from "../flow/nearest-name.js";
import { type Built, StepBuilder, type Way } from "./build-steps.js";
import { type ScriptFinding, scriptFinding } from "./finding.js";
import { readLines } from "./line.js";
import { makeFlow, type Taken } from "./make-flow.js";
import { readLine } from "./read-line.js";
import type { ScriptStep } from "./script.js";
import { type Link, linkTo, WordsIndex, wordsOf } from "./words-index.js";

/** What a script says. */
export type ReadScript = {
  /** Its states in the order of the lines; the first line is the start. Empty where nothing is written. */
  readonly flow: FlowJson;
  /** In the order of the lines. */
  readonly findings: readonly ScriptFinding[];
  /** The line of each state, from 1. */
  readonly lines: ReadonlyMap<string, number>;
};

const NOTHING: Taken = { states: new Set(), ids: new Set() };

/**
 * Reads plain text as a conversation (SPEC, The script). Any text is one: what may not be meant is a finding. Never
 * throws; near linear in the length of the text.
 * @param taken names and ids that the flow has already, into which this is put: none of them is given again
 */
export function readScript(text: string, taken: Taken = NOTHING): ReadScript {
  const builder = new StepBuilder();
  for (const line of readLines(text)) builder.add(readLine(line));
  const { steps: built, findings } = builder;
  if (built.length === 0) findings.push(scriptFinding("empty-script", 1));
  const steps = resolve(built, findings);
  const { flow, names } = makeFlow(steps, taken);
  const lines = new Map<string, number>();
  for (const [place, { name, ways }] of names.entries()) {
    const step = built[place]!;
    lines.set(name, step.line);
    for (const [at, states] of ways.entries()) {
      for (const state of states) lines.set(state, step.ways[at]!.line ?? step.line);
    }
  }
  return { flow, findings: findings.toSorted((a, b) => a.line - b.line), lines };
}

/** Looks up where links lead. A link is one finding, however many ways lead by it. */
function resolve(built: readonly Built[], findings: ScriptFinding[]): ScriptStep[] {
  const places = new Map(built.map((step, place) => [step, place]));
  const words = built.map(wordsOf);
  const index = new WordsIndex(words);
  const nearest = new NearestName(words);
  const known = new Map<Link, number | undefined>();
  const look = ({ link, line }: NonNullable<Way["link"]>): number | undefined => {
    if (link.whole === "") return undefined;
    if (known.has(link)) return known.get(link);
    const read = link.read === undefined ? undefined : linkTo(link.read);
    const found =
      index.find(link) ?? (read && index.find(read)) ?? index.findOnly(link) ?? (read && index.findOnly(read));
    if (found === undefined) {
      findings.push(scriptFinding("no-such-step", line, link.whole, nearest.find(link.whole, "") ?? ""));
    } else if (found.several) {
      findings.push(scriptFinding("several-such-steps", line, link.whole, words[found.place]));
    }
    known.set(link, found?.place);
    return found?.place;
  };
  return built.map(({ kind, words, prompt, ways }) => ({
    kind,
    words,
    prompt,
    ways: ways.map((way) => ({ words: way.words, to: way.to ? places.get(way.to) : way.link && look(way.link) })),
  }));
}
