import { comparableText } from "../text.js";
import { type ScriptFinding, scriptFinding } from "./finding.js";
import type { Said } from "./read-line.js";
import { NO_WORDS } from "./script.js";
import type { Link } from "./words-index.js";

/** A step as its lines say it; where it leads by words is not looked up yet. */
export type Built = {
  kind: "message" | "question" | "text";
  readonly words: string;
  readonly prompt: string | undefined;
  readonly line: number;
  ways: Way[];
};
export type Way = {
  readonly words: string | undefined;
  /** Of an answer: where it stands. */
  line?: number;
  to?: Built;
  /** It leads there by its words, or ends. */
  link?: { readonly link: Link; readonly line: number };
};

/** Ways that lead nowhere yet: joined in one step, however many they are. */
type Loose = Way | readonly Loose[];

/** What stands under one answer, or under none. */
type Block = {
  /** Of its answer; what stands further right is in it. */
  readonly indent: number;
  /** The step that answers below it belong to. */
  last: Built | undefined;
  loose: Loose;
  /** Of a text that is asked for last: any other text, as long as no `*` stands below it. */
  other: Way | undefined;
};
const NONE: Loose = [];

/** What somebody may write who means any other text. */
const NEARLY_ANY_OTHER: ReadonlySet<string> = new Set([
  ...["anything else", "everything else", "something else", "any other text", "any other", "any text", "otherwise"],
]);

/** Makes steps of lines, in their order. Whatever the lines are, something comes out. Linear. */
export class StepBuilder {
  readonly steps: Built[] = [];
  readonly findings: ScriptFinding[] = [];
  readonly #blocks: Block[] = [{ indent: -1, last: undefined, loose: NONE, other: undefined }];
  /** What is expected below a step, as texts are compared. */
  readonly #expected = new Map<Built, Set<string>>();

  add(said: Said): void {
    while (this.#block.indent >= said.indent) this.#close();
    if (said.nearlyAnswer) this.#find("nearly-answer", said);
    if (said.kind === "answer") return this.#answer(said);
    if (said.kind === "step") this.#step(said);
    if (said.link !== undefined) this.#link(said);
  }

  get #block(): Block {
    return this.#blocks.at(-1)!;
  }

  #find(code: ScriptFinding["code"], { number, words }: Said, about = words): void {
    this.findings.push(scriptFinding(code, number, about));
  }

  /** What an answer leaves open is open where its question stands. */
  #close(): void {
    const { loose, other } = this.#blocks.pop()!;
    this.#block.loose = [this.#block.loose, loose, ...(other ? [other] : [])];
  }

  /** All that leads nowhere else leads on by this. @returns whether there was any */
  #lead(way: Pick<Way, "to" | "link">): boolean {
    const block = this.#block;
    const stack: Loose[] = [block.loose, ...(block.other ? [block.other] : [])];
    let any = false;
    for (let loose = stack.pop(); loose !== undefined; loose = stack.pop()) {
      if (isList(loose)) for (const part of loose) stack.push(part);
      else {
        Object.assign(loose, way);
        any = true;
      }
    }
    block.loose = NONE;
    block.other = undefined;
    return any;
  }

  #step({ number, words, prompt }: Pick<Said, "number" | "words" | "prompt">): Built {
    const kind = prompt === undefined ? "message" : "text";
    const way: Way = { words: undefined };
    const step: Built = { kind, words, prompt: prompt || undefined, line: number, ways: [way] };
    this.steps.push(step);
    this.#lead({ to: step });
    const block = this.#block;
    block.last = step;
    if (kind === "text") block.other = way;
    else block.loose = way;
    return step;
  }

  #link(said: Said): void {
    const block = this.#block;
    const led = this.#lead({ link: { link: said.link!, line: said.number } });
    if (!led) this.#find("link-alone", said, said.link!.whole);
    // What a text leads to is for any other text; expected ones may still stand below.
    if (block.last?.kind !== "text" || said.kind === "link") block.last = undefined;
  }

  #answer(said: Said): void {
    const block = this.#block;
    if (block.last === undefined) {
      this.#find("answer-alone", said);
      this.#step({ number: said.number, words: NO_WORDS, prompt: undefined });
    }
    const step = block.last!;
    if (step.kind === "message") {
      step.kind = "question";
      step.ways = [];
      block.loose = NONE;
    }
    const way = said.other ? this.#anyOther(step, said) : this.#way(step, said);
    this.#blocks.push({ indent: said.indent, last: undefined, loose: way, other: undefined });
    // Its own line may ask for a text, and may lead on.
    if (said.prompt !== undefined) this.#step({ ...said, words: "" });
    if (said.link !== undefined) this.#link(said);
  }

  #way(step: Built, said: Said): Loose {
    const known = this.#expected.get(step) ?? new Set<string>();
    this.#expected.set(step, known);
    const key = comparableText(said.words);
    const twice = known.has(key);
    known.add(key);
    if (twice) this.#find("same-answer", said);
    if (twice && step.kind === "text") return NONE;
    if (step.kind === "text" && this.#block.other !== undefined && NEARLY_ANY_OTHER.has(key)) {
      this.#find("nearly-any-other", said);
    }
    const way: Way = { words: said.words, line: said.number };
    // Any other text stays the last.
    if (step.kind === "text") step.ways.splice(-1, 0, way);
    else step.ways.push(way);
    return way;
  }

  #anyOther(step: Built, said: Said): Loose {
    if (step.kind !== "text") {
      this.#find("any-other-alone", said);
      return this.#way(step, said);
    }
    const block = this.#block;
    const way = block.other;
    block.other = undefined;
    if (way !== undefined) return Object.assign(way, { line: said.number });
    this.#find("same-answer", said);
    return NONE;
  }
}

const isList = (loose: Loose): loose is readonly Loose[] => Array.isArray(loose);
