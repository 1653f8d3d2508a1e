import type { StepGraph } from "../document/steps.js";
import { emojiFor } from "./emoji.js";

/** What may be put in place of what was typed: the answer to a question, or an emoji. */
export type Suggestion = {
  readonly id: string;
  readonly label: string;
  /** What is put in: `{{id}}`, or a sign. */
  readonly insert: string;
};
/** What was typed before the caret, and what it asks for. */
export type Asked = { readonly kind: "answer" | "emoji"; readonly words: string; readonly length: number };

const MOST = 8;

/** What the text before the caret asks for: `{{` and words for a question, `:` and two letters for an emoji. */
export function askedFor(before: string): Asked | undefined {
  const answer = /\{\{([^{}\n]{0,60})$/u.exec(before);
  if (answer) return { kind: "answer", words: answer[1]!, length: answer[0].length };
  const emoji = /(?:^|[\s(])(:([a-z]{2,20}))$/iu.exec(before);
  return emoji ? { kind: "emoji", words: emoji[2]!, length: emoji[1]!.length } : undefined;
}

/** What fits: questions by their words, in the order of the conversation, then what the page says. */
export function suggestionsFor({ kind, words }: Asked, graph: StepGraph, variables: readonly string[]): Suggestion[] {
  if (kind === "emoji") {
    return emojiFor(words, MOST).map(({ sign, words }) => ({ id: sign, label: `${sign}  ${words}`, insert: sign }));
  }
  const wanted = words.trim().toLocaleLowerCase();
  const asked = graph.steps.flatMap((step) =>
    (step.kind === "question" || step.kind === "text") && step.ref !== undefined
      ? [{ id: step.ref, label: step.title, insert: `{{${step.ref}}}` }]
      : [],
  );
  const said = variables.map((name) => ({ id: name, label: name, insert: `{{${name}}}` }));
  const once = new Map([...said, ...asked].map((found) => [found.id, found]));
  return [...asked, ...said]
    .filter((found) => once.get(found.id) === found && found.label.toLocaleLowerCase().includes(wanted))
    .slice(0, MOST);
}

/** What a chip says: the words of the question that has the id. */
export function wordsOfAnswer(graph: StepGraph, id: string): string {
  return graph.steps.find(({ kind, ref }) => ref === id && (kind === "question" || kind === "text"))?.title ?? id;
}
