import type { FlowJson, Json } from "../flow/json.js";
import {
  answerWords,
  askingWords,
  endWords,
  PLAIN_NAMES,
  slug,
  typedWords,
  UniqueNames,
  usableName,
} from "../flow/naming.js";
import { renameReferences } from "../flow/references.js";
import type { ScriptStep } from "./script.js";
import { WordsIndex, wordsOf } from "./words-index.js";

/** Names and ids that a flow has already, into which what is made is to be put. */
export type Taken = { readonly states: ReadonlySet<string>; readonly ids: ReadonlySet<string> };

/** A flow, and for each step the name of its request, and of the states of each of its ways. */
export type Made = { readonly flow: FlowJson; readonly names: readonly StepNames[] };
type StepNames = { readonly name: string; readonly ways: readonly (readonly string[])[] };

/** What a step is called, and what belongs to it. */
type Named = { readonly name: string; readonly id: string; readonly ways: readonly Answered[] };
/** The states of a way on: the one that takes the answer, of a text the end behind it. */
type Answered = { readonly item: string; readonly match: string; readonly end: string };

/** Makes the flow of steps: names and ids follow their words. `{{words}}` of a question become its id. Linear. */
export function makeFlow(steps: readonly ScriptStep[], taken: Taken): Made {
  const index = new WordsIndex(steps.map((step) => (step.kind === "message" ? undefined : wordsOf(step))));
  const ids = new UniqueNames((id) => taken.ids.has(id));
  // What no question says is a name that the page sets: no question is called that.
  for (const id of unknownAnswers(steps, index)) ids.reserve(id);
  const names = new UniqueNames((name) => taken.states.has(name));
  const named = steps.map((step) => nameStep(step, names, ids));
  const idOf = (words: string): string => {
    const found = index.findAnswer(words);
    return found === undefined ? words : named[found.place]!.id;
  };
  const states: [string, Json][] = [];
  for (const [place, step] of steps.entries()) {
    const leads = (way: number): { next?: string } => {
      const to = step.ways[way]?.to;
      return to === undefined ? {} : { next: named[to]!.name };
    };
    for (const [name, state] of statesOf(step, named[place]!, leads)) {
      states.push([name, renameReferences(state, { answer: idOf })]);
    }
  }
  return {
    flow: Object.fromEntries(states),
    names: named.map(({ name, ways }) => ({
      name,
      ways: ways.map(({ match, end }) => (end ? [match, end] : [match])),
    })),
  };
}

function unknownAnswers(steps: readonly ScriptStep[], index: WordsIndex): Set<string> {
  const unknown = new Set<string>();
  const answer = (words: string): string => {
    if (index.findAnswer(words) === undefined) unknown.add(words);
    return words;
  };
  for (const { words, prompt, ways } of steps) {
    for (const text of [words, ...ways.map((way) => way.words ?? "")]) {
      renameReferences({ sendRequest: { content: text } }, { answer });
    }
    if (prompt !== undefined) renameReferences({ sendRequest: { chatPrompt: prompt } }, { answer });
  }
  return unknown;
}

function nameStep({ kind, words, prompt, ways }: ScriptStep, names: UniqueNames, ids: UniqueNames): Named {
  const state = (words: string, plain: string) => names.take(usableName(words, plain));
  if (kind === "message") return { name: state(slug(words), PLAIN_NAMES.message), id: "", ways: [] };
  const base = kind === "question" ? slug(words) : askingWords({ text: words, ...(prompt && { prompt }) });
  const plain = PLAIN_NAMES[kind];
  const name = state(base, plain);
  const id = ids.take(base || plain);
  const items = new UniqueNames(() => false);
  const answered = ways.map((way): Answered => {
    if (kind === "question") {
      const item = items.take(slug(way.words ?? "", "choice") || PLAIN_NAMES.answer);
      return { item, match: state(answerWords(id, item), plain), end: "" };
    }
    const match = state(typedWords(id, way.words), plain);
    return { item: "", match, end: state(endWords(id, way.words), plain) };
  });
  return { name, id, ways: answered };
}

function* statesOf(
  { kind, words, prompt, ways }: ScriptStep,
  { name, id, ways: answered }: Named,
  leads: (way: number) => { next?: string },
): Generator<[string, Json]> {
  if (kind === "message") return yield [name, { sendRequest: { kind: "BotText", content: words }, ...leads(0) }];
  if (kind === "question") {
    const choices = ways.map((way, i) => ({ itemId: answered[i]!.item, content: way.words ?? "" }));
    yield [name, { sendRequest: { kind: "ChoiceRequest", groupId: id, question: words, choices } }];
    for (const [i, { match, item }] of answered.entries()) {
      yield [match, { matchResponse: { kind: "ChoiceResponse", groupId: id, itemId: item }, ...leads(i) }];
    }
    return;
  }
  const asked = { ...(prompt && { chatPrompt: prompt }), ...(words && { chatText: words }) };
  yield [name, { sendRequest: { kind: "StartChatSession", sessionId: id, ...asked } }];
  for (const [i, { match, end }] of answered.entries()) {
    const { words: expected } = ways[i]!;
    const content = expected !== undefined && { content: expected };
    yield [match, { matchResponse: { kind: "UserText", sessionId: id, ...content }, next: end }];
    yield [end, { sendRequest: { kind: "EndChatSession", sessionId: id }, ...leads(i) }];
  }
}
