import type { StepGraph } from "../document/steps.js";
import { type Asked, answersFor, askedAnswer, MOST_OFFERED, type Suggestion } from "./answers.js";
import { emojiFor } from "./emoji.js";

/** What the text before the caret asks for: `{{` and words for a question, `:` and two letters for an emoji. */
export function askedFor(before: string): Asked | undefined {
  const emoji = /(?:^|[\s(])(:([a-z]{2,20}))$/iu.exec(before);
  return emoji ? { kind: "emoji", words: emoji[2]!, length: emoji[1]!.length } : askedAnswer(before);
}

/** What fits. @param own the step that is written */
export function suggestionsFor(
  { kind, words }: Asked,
  graph: StepGraph,
  variables: readonly string[],
  own: string,
): Suggestion[] {
  if (kind === "answer") return answersFor(words, graph, variables, own);
  return emojiFor(words, MOST_OFFERED).map(({ sign, words }) => ({
    id: sign,
    label: `${sign}  ${words}`,
    insert: sign,
  }));
}
