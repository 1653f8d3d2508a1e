import { type FlowJson, isObject } from "../flow/json.js";
import { renameReferences } from "../flow/references.js";
import { factsOf } from "../flow/state-facts.js";
import { arrange, type Block } from "./arrange.js";
import { type FlowSteps, readFlowSteps } from "./flow-steps.js";
import { type LeftOut, leftOut } from "./left-out.js";
import type { ScriptStep, ScriptWay } from "./script.js";
import { StepWords } from "./step-words.js";
import { fitsBraces } from "./words-index.js";
import { writePrompt, writeTarget, writeWords } from "./write-line.js";

/** A script, and what of the flow it does not say. */
export type WrittenScript = { readonly text: string; readonly left: readonly LeftOut[] };

const INDENT = "  ";

/**
 * Writes a flow as the script that `readScript` makes it of again, up to names and ids; what a script cannot say is left
 * out by name. Takes any flow and never throws; near linear in its size.
 */
export function writeScript(flow: FlowJson): WrittenScript {
  const left: LeftOut[] = [];
  const read = readFlowSteps(flow, []);
  const blocks = arrange(read.steps, read.start);
  const order = orderOf(blocks);
  const worded = readFlowSteps(wordAnswers(flow, read, order, left), left);
  return { text: new Writer(worded, order, left).write(blocks), left };
}

/** The steps as they are written, one after the other. */
function orderOf(blocks: readonly Block[]): number[] {
  const order: number[] = [];
  const walk = (block: Block): void => {
    for (const { place, below } of block) {
      order.push(place);
      for (const inner of below) if (inner) walk(inner);
    }
  };
  for (const block of blocks) walk(block);
  return order;
}

/** For each of them, where it stands in that order. */
function ranksOf(order: readonly number[]): number[] {
  const ranks: number[] = [];
  for (const [rank, place] of order.entries()) ranks[place] = rank;
  return ranks;
}

/** The flow with `{{id}}` of a question as `{{its words}}`. */
function wordAnswers(flow: FlowJson, read: FlowSteps, order: readonly number[], left: LeftOut[]): FlowJson {
  const { steps, names, places } = read;
  const ranks = ranksOf(order);
  const words = new StepWords(order.map((place) => (steps[place]!.kind === "message" ? undefined : steps[place]!)));
  const wordsOfRank = (rank: number): string | undefined => {
    const whole = words.linkTo(rank)?.whole;
    // In braces no mark tells a `#2` from words.
    return whole === undefined || !fitsBraces(whole) || !words.leads(whole, rank) ? undefined : whole;
  };
  const known = new Map<string, { readonly text: string; readonly isLeft: boolean }>();
  const wordsFor = (id: string) => {
    const place = places.get(id);
    const meant = words.placeOf(id);
    // What is not asked is a name that the page sets, as long as no question says it.
    if (place === undefined && meant === undefined) return { text: id, isLeft: false };
    const own = place === undefined ? undefined : wordsOfRank(ranks[place]!);
    if (own !== undefined) return { text: own, isLeft: false };
    // It is read as the question that says it: then as that says it.
    return { text: (meant === undefined ? undefined : wordsOfRank(meant)) ?? id, isLeft: true };
  };
  const answerIn = (state: string) => (id: string) => {
    const { text, isLeft } = known.get(id) ?? wordsFor(id);
    known.set(id, { text, isLeft });
    if (isLeft) left.push(leftOut("answer", state, factsOf(flow[state]!).title));
    return text;
  };
  const written = new Set(names);
  return Object.fromEntries(
    Object.entries(flow).map(([name, state]) => [
      name,
      written.has(name) && isObject(state) ? renameReferences(state, { answer: answerIn(name) }) : state,
    ]),
  );
}

class Writer {
  readonly #steps: readonly ScriptStep[];
  readonly #names: readonly string[];
  readonly #left: LeftOut[];
  readonly #words: StepWords;
  readonly #ranks: readonly number[];
  readonly #lines: string[] = [];

  constructor({ steps, names }: FlowSteps, order: readonly number[], left: LeftOut[]) {
    this.#steps = steps;
    this.#names = names;
    this.#left = left;
    this.#words = new StepWords(order.map((place) => steps[place]!));
    this.#ranks = ranksOf(order);
  }

  write(blocks: readonly Block[]): string {
    for (const [at, block] of blocks.entries()) this.#block(block, blocks[at + 1]?.[0]?.place, "");
    return this.#lines.join("\n");
  }

  /** @param follow the step that comes behind the block: what leads nowhere else leads there */
  #block(block: Block, follow: number | undefined, indent: string): void {
    for (const [at, { place, below }] of block.entries()) {
      const step = this.#steps[place]!;
      const onward = block[at + 1]?.place ?? follow;
      this.#lines.push(indent + firstLine(step, indent));
      for (const [number, way] of step.ways.entries()) {
        const link = below[number] === undefined && way.to !== onward ? this.#link(place, way.to) : "";
        if (!this.#way(way, link, { step, indent, isEmpty: below[number] === undefined })) continue;
        if (below[number] !== undefined) this.#block(below[number], onward, indent + INDENT);
      }
    }
  }

  /** @returns whether something may stand below it */
  #way(way: ScriptWay, link: string, at: { step: ScriptStep; indent: string; isEmpty: boolean }): boolean {
    const { step, indent, isEmpty } = at;
    if (way.words !== undefined) {
      const words = writeWords(way.words, indent + INDENT, "answer");
      this.#lines.push([`${indent}-`, words, link].filter(Boolean).join(" "));
      return true;
    }
    // A message's way on, and any other text, are not said where they lead on to what comes next.
    if (isEmpty && link === "") return false;
    const isLone = step.ways.length === 1;
    this.#lines.push(indent + (isLone ? link : ["- *", link].filter(Boolean).join(" ")));
    return !isLone;
  }

  #link(from: number, to: number | undefined): string {
    if (to === undefined) return "->";
    const link = this.#words.linkTo(this.#ranks[to]!);
    if (link === undefined) this.#left.push(leftOut("link", this.#names[from]!, this.#steps[from]!.words));
    return link === undefined ? "->" : `-> ${writeTarget(link.words, link.nth ?? 1)}`;
  }
}

function firstLine({ kind, words, prompt }: ScriptStep, indent: string): string {
  const said = writeWords(words, indent, "line");
  return kind === "text" ? [said, writePrompt(prompt ?? "", indent)].filter(Boolean).join(" ") : said;
}
