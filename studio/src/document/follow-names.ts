import {
  answerWords,
  askingWords,
  endWords,
  isNamedAfter,
  outcomeWords,
  PLAIN_NAMES,
  slug,
  typedWords,
  usableName,
} from "@parley/shared/flow/naming";
import { factsOf } from "@parley/shared/flow/state-facts";
import { applyAll } from "./apply.js";
import type { Change } from "./change.js";
import type { Draft } from "./draft.js";
import { FreshNames, freshItem } from "./names.js";
import { readSteps, type Step } from "./steps.js";

type Following = {
  readonly before: Draft;
  /** Steps that are in both drafts under the same name. */
  readonly steps: readonly string[];
  /** State names that a published version has. */
  readonly published: ReadonlySet<string>;
};

/**
 * Renames of states and ids that followed the content of these steps in `before` and no longer fit it: a name follows
 * as long as it is the slug of its content, or that of a step that says nothing. What is published stays, with the ids
 * that belong to it.
 */
export function followNames(draft: Draft, { before, steps, published }: Following): Change[] {
  const changes: Change[] = [];
  let now = draft;
  for (const id of steps) {
    const renames = new Follower(now, before, published).rename(id);
    changes.push(...renames);
    now = applyAll(now, renames).draft;
  }
  return changes;
}

/** The words that a name is made of, before and now. */
type Words = { readonly before: string; readonly now: string };

class Follower {
  readonly #draft: Draft;
  readonly #before: Draft;
  readonly #published: ReadonlySet<string>;
  readonly #fresh: FreshNames;
  readonly #renamed = new Set<string>();
  readonly #changes: Change[] = [];

  constructor(draft: Draft, before: Draft, published: ReadonlySet<string>) {
    this.#draft = draft;
    this.#before = before;
    this.#published = published;
    this.#fresh = new FreshNames(draft);
  }

  rename(id: string): Change[] {
    const step = readSteps(this.#draft).byId.get(id);
    const before = readSteps(this.#before).byId.get(id);
    if (!step || !before || step.kind !== before.kind || step.folded !== before.folded) return [];
    const words = { before: askingWords(before), now: askingWords(step) };
    if (step.kind === "message") this.#state(id, words, PLAIN_NAMES.message);
    else if (step.folded && step.kind === "question") this.#question(step, words);
    else if (step.folded && step.kind === "text") this.#text(step, words);
    else if (step.folded && step.kind === "hand-off") this.#handOff(step, words);
    return this.#changes;
  }

  #question(step: Step, words: Words): void {
    const group = this.#id(step, words, PLAIN_NAMES.question);
    this.#state(step.id, words, PLAIN_NAMES.question);
    const taken = new Set(step.ports.map((port) => port.item!));
    for (const { item, state } of step.ports) {
      const to = this.#item(step.id, item!, state, taken);
      if (to !== item) this.#changes.push({ kind: "renameItem", group, from: item!, to, follows: true });
      const ways = { before: answerWords(step.ref!, item!), now: answerWords(group, to) };
      if (state !== undefined) this.#state(state, ways, PLAIN_NAMES.question);
    }
  }

  #text(step: Step, words: Words): void {
    const chat = this.#id(step, words, PLAIN_NAMES.text);
    this.#state(step.id, words, PLAIN_NAMES.text);
    for (const { state, end } of step.ports) {
      if (state === undefined) continue;
      const expected = { before: expectedOf(this.#before, state), now: expectedOf(this.#draft, state) };
      const named = (words: typeof typedWords) => ({
        before: words(step.ref!, expected.before),
        now: words(chat, expected.now),
      });
      this.#state(state, named(typedWords), PLAIN_NAMES.text);
      if (end !== undefined) this.#state(end, named(endWords), PLAIN_NAMES.text);
    }
  }

  #handOff(step: Step, words: Words): void {
    const handOff = this.#id(step, words, PLAIN_NAMES.handOff);
    this.#state(step.id, words, PLAIN_NAMES.handOff);
    for (const { id, state } of step.ports) {
      if (state === undefined) continue;
      const outcome = id.slice(id.indexOf(":") + 1);
      const ways = { before: outcomeWords(step.ref!, outcome), now: outcomeWords(handOff, outcome) };
      this.#state(state, ways, PLAIN_NAMES.handOff);
    }
  }

  #state(name: string, words: Words, plain: string): void {
    if (this.#published.has(name) || this.#renamed.has(name)) return;
    if (!isNamedAfter(name, usableName(words.before, plain)) && !isNamedAfter(name, plain)) return;
    if (isNamedAfter(name, usableName(words.now, plain))) return;
    this.#renamed.add(name);
    this.#changes.push({ kind: "renameState", from: name, to: this.#fresh.state(words.now, plain), follows: true });
  }

  /** The `groupId` or `sessionId` that the step has from now on. */
  #id({ id, kind, ref }: Step, words: Words, plain: string): string {
    if (ref === undefined || this.#published.has(id)) return ref ?? "";
    if (!isNamedAfter(ref, words.before || plain) && !isNamedAfter(ref, plain)) return ref;
    if (isNamedAfter(ref, words.now || plain)) return ref;
    const to = this.#fresh.id(words.now, plain);
    this.#changes.push({ kind: kind === "question" ? "renameGroup" : "renameChat", from: ref, to, follows: true });
    return to;
  }

  /** The `itemId` that an answer has from now on. */
  #item(question: string, item: string, state: string | undefined, taken: Set<string>): string {
    if (this.#published.has(state ?? question)) return item;
    const plain = PLAIN_NAMES.answer;
    const before = answerSlug(this.#before, question, item) || plain;
    const now = answerSlug(this.#draft, question, item);
    if (!isNamedAfter(item, before) && !isNamedAfter(item, plain)) return item;
    if (isNamedAfter(item, now || plain)) return item;
    const to = freshItem(now, taken);
    taken.add(to);
    return to;
  }
}

const answerSlug = (draft: Draft, question: string, item: string): string =>
  slug(factsOf(draft.flow[question]!).items.find(({ id }) => id === item)?.content ?? "", "choice");

const expectedOf = ({ flow }: Draft, state: string): string | undefined => {
  const facts = Object.hasOwn(flow, state) ? factsOf(flow[state]!) : undefined;
  return facts?.expected === undefined ? undefined : facts.text;
};
