import { type FlowJson, isObject, own, stateNames } from "../flow/json.js";
import { factsOf, type StateFacts } from "../flow/state-facts.js";
import { type LeftOut, type LeftOutCode, leftOut } from "./left-out.js";
import { NO_WORDS, type ScriptStep } from "./script.js";

/** A flow as the steps of a script, each with the state that it is of. */
export type FlowSteps = {
  readonly steps: readonly ScriptStep[];
  readonly names: readonly string[];
  /** The place of the step where the conversation begins. */
  readonly start: number | undefined;
  /** The place of the question that has an id. */
  readonly places: ReadonlyMap<string, number>;
};

/** Reads a flow, whatever it is, as far as a script can say it; the rest is left out by name. Linear. */
export function readFlowSteps(flow: FlowJson, left: LeftOut[]): FlowSteps {
  return new Reader(flow, left).read();
}

const STEPS: ReadonlySet<StateFacts["is"]> = new Set(["message", "question", "text"]);

class Reader {
  readonly #flow: FlowJson;
  readonly #left: LeftOut[];
  readonly #facts: ReadonlyMap<string, StateFacts>;
  /** The states that take an answer or text of an id, in the order of the file. */
  readonly #matches = new Map<string, string[]>();
  readonly #openers = new Map<string, string[]>();
  readonly #places = new Map<string, number>();
  /** Where a state leads that is no step. */
  readonly #beyond = new Map<string, string | undefined>();
  /** The ends that belong to a text. */
  readonly #ends = new Set<string>();

  constructor(flow: FlowJson, left: LeftOut[]) {
    this.#flow = flow;
    this.#left = left;
    this.#facts = new Map(stateNames(flow).map((name) => [name, factsOf(flow[name]!)]));
    for (const [name, facts] of this.#facts) {
      const { is } = facts;
      if (STEPS.has(is)) this.#places.set(name, this.#places.size);
      if (is === "choice-match" || is === "text-match") add(this.#matches, keyOf(facts), name);
      if (is === "question" || is === "text") add(this.#openers, keyOf(facts), name);
    }
  }

  read(): FlowSteps {
    const names = [...this.#places.keys()];
    const steps = names.map((name) => this.#step(name, this.#facts.get(name)!));
    for (const [name, facts] of this.#facts) if (!STEPS.has(facts.is)) this.#judge(name, facts);
    const places = new Map<string, number>();
    for (const [place, name] of names.entries()) {
      const { ref } = this.#facts.get(name)!;
      if (ref !== undefined && !places.has(ref)) places.set(ref, place);
    }
    const [first] = this.#facts.keys();
    return { steps, names, places, start: first === undefined ? undefined : this.#place(first) };
  }

  #find(code: LeftOutCode, state: string, about = state): void {
    const facts = this.#facts.get(about)!;
    const [opener] = facts.ref === undefined ? [] : (this.#openers.get(keyOf(facts)) ?? []);
    const words = facts.title || (opener === undefined ? "" : this.#facts.get(opener)!.title);
    this.#left.push(leftOut(code, state, words));
  }

  #step(name: string, facts: StateFacts): ScriptStep {
    const { is, text, prompt, ref } = facts;
    const isAsking = is === "question" || is === "text";
    if (!facts.plain) this.#find("unusual", name);
    if (isAsking && facts.next !== undefined) this.#find("leads-on", name);
    if (isAsking && this.#openers.get(keyOf(facts))!.length > 1) this.#find("same-id", name);
    if (text === "" && is !== "text") this.#find("no-words", name);
    const words = text === "" && is !== "text" ? NO_WORDS : text;
    if (!isAsking) {
      return { kind: "message", words, prompt: undefined, ways: [{ words: undefined, to: this.#leads(name) }] };
    }
    const matches = this.#matches.get(keyOf({ is, ref })) ?? [];
    if (is === "question" && facts.items.length > 0) {
      return { kind: "question", words, prompt: undefined, ways: this.#answers(name, facts, matches) };
    }
    if (is === "question") return { kind: "message", words, prompt: undefined, ways: [NOWHERE] };
    return { kind: "text", words, prompt: prompt || undefined, ways: this.#texts(name, matches) };
  }

  #answers(name: string, { items }: StateFacts, matches: readonly string[]): ScriptStep["ways"] {
    const takers = new Map<string, string>();
    const offered = new Set(items.map(({ id }) => id));
    for (const match of matches) {
      const { item } = this.#facts.get(match)!;
      if (item === undefined || !offered.has(item)) this.#find("not-offered", match, name);
      else if (takers.has(item)) this.#find("answered-twice", match, name);
      else takers.set(item, match);
    }
    return items.map(({ id, content }) => {
      const match = id === undefined ? undefined : takers.get(id);
      return { words: content, to: match === undefined ? undefined : this.#leads(match) };
    });
  }

  #texts(name: string, matches: readonly string[]): ScriptStep["ways"] {
    const takers = new Map<string | undefined, string>();
    for (const match of matches) {
      const { expected } = this.#facts.get(match)!;
      if (takers.has(expected)) this.#find("answered-twice", match, name);
      else takers.set(expected, match);
    }
    const ways = [...takers].map(([expected, match]) => ({
      words: expected === undefined ? undefined : this.#facts.get(match)!.text,
      to: this.#closed(name, match),
    }));
    const other = ways.find(({ words }) => words === undefined);
    if (other === undefined) this.#find("no-other-text", name);
    return [...ways.filter((way) => way !== other), other ?? NOWHERE];
  }

  /** Where a text leads once it is closed. */
  #closed(name: string, match: string): number | undefined {
    const next = this.#facts.get(match)!.next;
    const end = next === undefined ? undefined : this.#facts.get(next);
    if (end?.is === "end-text" && end.ref === this.#facts.get(name)!.ref) {
      this.#ends.add(next!);
      return this.#leads(next!);
    }
    this.#find("stays-open", match, name);
    return this.#leads(match);
  }

  /** The step that a state leads to; undefined where the conversation ends. */
  #leads(name: string): number | undefined {
    const { next } = this.#facts.get(name)!;
    if (next === undefined) return undefined;
    if (this.#facts.has(next)) return this.#place(next);
    this.#find("gone", name);
    return undefined;
  }

  /** The place of a state's step, or, where a state is none, of the step behind it. */
  #place(name: string): number | undefined {
    const passed: string[] = [];
    let at: string | undefined = name;
    while (at !== undefined && !this.#places.has(at) && !this.#beyond.has(at)) {
      passed.push(at);
      // Until it is known where it leads it leads nowhere, so that a circle ends.
      this.#beyond.set(at, undefined);
      at = this.#facts.get(at)?.next;
    }
    const step = at === undefined || this.#places.has(at) ? at : this.#beyond.get(at);
    for (const state of passed) this.#beyond.set(state, step);
    return step === undefined ? undefined : this.#places.get(step);
  }

  /** What a state that is no step of its own loses. */
  #judge(name: string, facts: StateFacts): void {
    if (facts.is === "outcome-match") return;
    if (facts.is === "hand-off") return this.#find("hand-over", name);
    const opener = facts.ref === undefined ? undefined : this.#openers.get(keyOf(facts))?.[0];
    if (facts.is === "unknown" || opener === undefined) return this.#find("unreadable", name);
    // A remark on an answer is never compared.
    const state = this.#flow[name]!;
    const match = isObject(state) ? own(state, "matchResponse") : undefined;
    const remark = facts.is === "choice-match" && isObject(match) && own(match, "content") !== undefined;
    if (!facts.plain || remark) this.#find("unusual", name, opener);
    const alone = facts.is === "end-text" ? !this.#ends.has(name) : this.#beyond.has(name);
    if (alone) this.#find("stands-alone", name, opener);
  }
}

const NOWHERE = { words: undefined, to: undefined };
/** Questions and texts may have the same ids. */
const keyOf = ({ is, ref }: Pick<StateFacts, "is" | "ref">): string =>
  `${is === "question" || is === "choice-match" ? "question" : "text"} ${ref}`;

function add(lists: Map<string, string[]>, key: string, name: string): void {
  const list = lists.get(key);
  if (list) list.push(name);
  else lists.set(key, [name]);
}
