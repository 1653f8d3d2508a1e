import { firstWords, type ItemFacts, type StateFacts } from "@parley/shared/flow/state-facts";
import { OUTCOME_LABELS } from "@parley/shared/flow/wording";
import { OUTCOMES, type Outcome } from "@parley/shared/message";
import type { FlowIndex } from "./flow-index.js";
import type { Folded, NotFolded } from "./fold.js";
import { hasPicture } from "./picture-text.js";
import { sameStep } from "./same-step.js";
import type { Port, Step } from "./step-graph.js";

/** Makes the steps of one reading of a flow. */
export class Cards {
  readonly #index: FlowIndex;
  readonly #questions: ReadonlyMap<string, Folded | NotFolded>;
  readonly #stepOf: ReadonlyMap<string, string>;
  /** The choices of each question by group and item: the words of answers that stand alone. */
  #items: Map<string, Map<string | undefined, ItemFacts>> | undefined;
  /** The states that take each answer, of questions that are not folded. */
  readonly #takers = new Map<string, Map<string | undefined, string[]>>();

  constructor(
    index: FlowIndex,
    { questions, stepOf }: { questions: ReadonlyMap<string, Folded | NotFolded>; stepOf: ReadonlyMap<string, string> },
  ) {
    this.#index = index;
    this.#questions = questions;
    this.#stepOf = stepOf;
  }

  /** The step of a state; `previous` when it would be the same. */
  step(id: string, previous: Step | undefined): Step {
    const facts = this.#index.facts.get(id)!;
    const question = this.#questions.get(id);
    const folded = question && "matches" in question ? question : undefined;
    const { kind, takes, title: words, text } = this.#words(facts);
    const title = withoutIds(words) || (hasPicture(text) ? "A picture" : "");
    const step: Mutable<Step> = {
      id,
      kind,
      states: folded ? this.#statesOf(id, folded) : [id],
      title: title || SAYS_NOTHING[kind],
      text,
      ports: this.#ports(facts, folded),
      start: this.#index.names[0] === id,
      folded: folded !== undefined,
    };
    if (title === "") step.blank = true;
    if (takes !== undefined) step.takes = takes;
    if (facts.prompt !== undefined) step.prompt = facts.prompt;
    if (facts.queue !== undefined) step.queue = facts.queue;
    if (facts.timeout !== undefined) step.timeout = facts.timeout;
    if (facts.ref !== undefined) step.ref = facts.ref;
    if (question && "why" in question) step.why = question.why;
    return previous && sameStep(previous, step) ? previous : step;
  }

  /** Its title is empty where it says nothing. */
  #words(facts: StateFacts): Pick<Step, "kind" | "takes" | "title" | "text"> {
    const { text, title } = facts;
    switch (facts.is) {
      case "choice-match": {
        const item = this.#item(facts);
        return { kind: "answer", takes: "answer", title: item?.label ?? "", text: item?.content ?? "" };
      }
      case "text-match":
        if (facts.expected === undefined) return { kind: "answer", takes: "other-text", title: "Anything else", text };
        return { kind: "answer", takes: "text", title, text };
      case "end-text": {
        const opener = this.#index.chats.get(facts.ref!)!.openers[0];
        const asked = opener === undefined ? undefined : this.#index.facts.get(opener)!;
        return { kind: "end-text", title: asked?.title ?? "", text: asked?.text ?? "" };
      }
      case "text":
        return { kind: "text", title: title || firstWords(facts.prompt ?? ""), text };
      case "outcome-match":
        if (facts.outcome === undefined) return { kind: "unknown", title, text };
        return { kind: "answer", takes: "outcome", title: OUTCOME_LABELS[facts.outcome], text: "" };
      default:
        return { kind: facts.is, title, text };
    }
  }

  #item({ ref, item }: StateFacts): ItemFacts | undefined {
    this.#items ??= this.#readItems();
    return this.#items.get(ref!)?.get(item);
  }

  #readItems(): Map<string, Map<string | undefined, ItemFacts>> {
    const found = new Map<string, Map<string | undefined, ItemFacts>>();
    for (const { is, ref, items } of this.#index.facts.values()) {
      if (is !== "question") continue;
      const known = found.get(ref!) ?? new Map<string | undefined, ItemFacts>();
      for (const item of items) if (!known.has(item.id)) known.set(item.id, item);
      found.set(ref!, known);
    }
    return found;
  }

  /** In the order of the file. */
  #statesOf(id: string, { matches, ends }: Folded): string[] {
    const states = new Set([id, ...matches.values(), ...ends.values()]);
    if (states.size === 1) return [id];
    const order = this.#index.order;
    return [...states].sort((a, b) => order.get(a)! - order.get(b)!);
  }

  #ports(facts: StateFacts, folded: Folded | undefined): Port[] {
    if (facts.is !== "question" && facts.is !== "text" && facts.is !== "hand-off") {
      return [portOf("then", "then", "", this.#leads(facts))];
    }
    const ports = folded ? this.#foldedPorts(facts, folded) : this.#openPorts(facts);
    if (facts.next !== undefined) ports.push(portOf("then", "then", "", this.#leads(facts)));
    return ports;
  }

  #foldedPorts(facts: StateFacts, { matches, ends }: Folded): Port[] {
    const through = (match: string | undefined): Leads => {
      if (match === undefined) return NOWHERE;
      const end = ends.get(match);
      return { state: match, end, ...this.#leads(this.#index.facts.get(end ?? match)!) };
    };
    if (facts.is === "question") {
      return facts.items.map(({ id, label }) => portOf(`answer:${id}`, "answer", label, through(matches.get(id)), id));
    }
    if (facts.is === "hand-off") {
      return outcomesOf(facts, matches).map((outcome) => outcomePort(outcome, through(matches.get(outcome))));
    }
    const ports: Port[] = [];
    for (const [expected, match] of matches) {
      if (expected === undefined) continue;
      ports.push(portOf(`text:${match}`, "text", this.#index.facts.get(match)!.title, through(match)));
    }
    ports.push(portOf("other-text", "other-text", "", through(matches.get(undefined))));
    return ports;
  }

  /** Each leads to the steps that take the answer. */
  #openPorts(facts: StateFacts): Port[] {
    const takers = this.#takersOf(facts);
    const opened = (key: string | undefined): Leads => {
      const [to, ...more] = takers.get(key) ?? [];
      if (to === undefined) return NOWHERE;
      return more.length > 0 ? { to, more: more.slice(0, MAX_MORE), ends: false } : { to, ends: false };
    };
    if (facts.is === "question") {
      const seen = new Set<string | undefined>();
      return facts.items.map(({ id, label }, i) => {
        const twice = id === undefined || seen.has(id);
        seen.add(id);
        const leads = id === undefined ? NOWHERE : opened(id);
        return portOf(`answer:${twice ? `${id ?? ""}\n${i}` : id}`, "answer", label, leads, id);
      });
    }
    if (facts.is === "hand-off") {
      return outcomesOf(facts, takers).map((outcome) => outcomePort(outcome, opened(outcome)));
    }
    const ports: Port[] = [];
    const { openers } = this.#index.chats.get(facts.ref!)!;
    const all = openers.length * takers.size <= MAX_SHARED || this.#index.facts.get(openers[0]!) === facts;
    for (const [expected, [match]] of all ? takers : []) {
      if (expected === undefined) continue;
      ports.push(portOf(`text:${match}`, "text", this.#index.facts.get(match!)!.title, opened(expected)));
    }
    ports.push(portOf("other-text", "other-text", "", opened(undefined)));
    return ports;
  }

  #takersOf({ is, ref }: StateFacts): Map<string | undefined, string[]> {
    const key = `${is} ${ref}`;
    let takers = this.#takers.get(key);
    if (!takers) {
      takers = new Map();
      const uses = (is === "question" ? this.#index.groups : this.#index.chats).get(ref!)!;
      for (const name of uses.matches) {
        const { item, expected, outcome, is: takes } = this.#index.facts.get(name)!;
        if ((is === "hand-off") !== (takes === "outcome-match")) continue;
        const taken = is === "question" ? item : is === "hand-off" ? outcome : expected;
        const list = takers.get(taken);
        if (list) list.push(name);
        else takers.set(taken, [name]);
      }
      this.#takers.set(key, takers);
    }
    return takers;
  }

  #leads({ is, next }: StateFacts): Leads {
    if (next === undefined) return { ends: is !== "unknown" };
    const to = this.#stepOf.get(next);
    return to === undefined ? { missing: next, ends: false } : { to, ends: false };
  }
}

/** On one line `…` stands for each answer, one that was cut as well: its id says nothing to a reader. */
const withoutIds = (words: string): string =>
  words.includes("{{") ? words.replace(/\{\{[^{}]*(?:\}\}|\}?…$)/g, "…") : words;

/** What stands for the words of a step that has none: its name in the file says nothing to a reader. */
const SAYS_NOTHING: Readonly<Record<Step["kind"], string>> = {
  message: "Nothing written yet",
  question: "Nothing written yet",
  text: "Nothing written yet",
  "hand-off": "Nothing written yet",
  answer: "Nothing written yet",
  "end-text": "No more text is taken",
  unknown: "Cannot be read",
};

/** How a hand-off may end; without a time to wait it is over when somebody is done, or nobody is there. */
function outcomesOf({ timeout }: StateFacts, taken: ReadonlyMap<string | undefined, unknown>): Outcome[] {
  return OUTCOMES.filter((outcome) => outcome !== "timeout" || timeout !== undefined || taken.has(outcome));
}

const outcomePort = (outcome: Outcome, leads: Leads): Port =>
  portOf(`outcome:${outcome}`, "outcome", OUTCOME_LABELS[outcome], leads);

/** Only the first state that takes an answer ever does; so many more are connected. */
const MAX_MORE = 10;
/** So many edges of one text question that stands in several places; past that, only its first place has them. */
const MAX_SHARED = 10_000;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
type Leads = {
  readonly state?: string;
  readonly end?: string | undefined;
  readonly to?: string;
  readonly more?: readonly string[];
  readonly missing?: string;
  readonly ends: boolean;
};
const NOWHERE: Leads = { ends: false };

/** Field by field: thousands are made while somebody types. */
function portOf(id: string, kind: Port["kind"], label: string, leads: Leads, item?: string): Port {
  const port: Mutable<Port> = { id, kind, label, ends: leads.ends };
  if (item !== undefined) port.item = item;
  if (leads.state !== undefined) port.state = leads.state;
  if (leads.end !== undefined) port.end = leads.end;
  if (leads.to !== undefined) port.to = leads.to;
  if (leads.more !== undefined) port.more = leads.more;
  if (leads.missing !== undefined) port.missing = leads.missing;
  return port;
}
