import type { Outcome } from "../message.js";
import { firstUnits } from "../text.js";
import type { Answer, ModelState } from "./model.js";
import { plainText } from "./rich-text.js";

/** A name or id for the command line, quoted and escaped as JSON, at most 80 characters of it. */
export function named(name: string): string {
  const cut = firstUnits(name, 80);
  return JSON.stringify(cut.length < name.length ? `${cut}…` : name);
}

/** Of a text only so much is looked at for a finding: a hostile one stands in a thousand of them. */
const beginning = (text: string): string => firstUnits(text, 2000);

/** The beginning of a text for the studio, on one line, in quotes. */
export function quoted(text: string): string {
  const line = beginning(text).replace(/\s+/gu, " ").trim();
  const cut = firstUnits(line, 48);
  return `‘${cut.length < line.length ? `${cut.trimEnd()}…` : line}’`;
}

/** As `quoted`, for rich text: what a reader sees of it. */
const quotedRich = (source: string, where?: "choice"): string => quoted(plainText(beginning(source), where));

/** What of a step a reader sees first, if anything: its name and ids in the file say nothing to a reader. */
function firstOf(state: ModelState): string | undefined {
  const field = state.texts.find((text) => text.role !== "item" && beginning(text.source).trim());
  return field && quotedRich(field.source);
}

function called(kind: string, state: ModelState): string {
  const first = firstOf(state);
  return first === undefined ? `a ${kind} without words` : `the ${kind} ${first}`;
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** A step by its content, to begin a sentence with: "The question ‘Any other?’". */
export const describe = (state: ModelState): string => sentence(describeWithin(state));

/** As `describe`, to go on in a sentence. */
export function describeWithin(state: ModelState): string {
  if (state.matches) return answerWords(state.matches, state.expected);
  if (state.handOff) return called("hand-over to a person", state);
  if (state.group) return called("question", state);
  if (state.starts) return called("text question", state);
  if (state.ends) return `the end of ${endedWords(state.ends.starts[0])}`;
  return state.texts.length > 0 ? called("message", state) : "a step that cannot be read";
}

const endedWords = (start: ModelState | undefined): string =>
  start === undefined ? "a text question" : called("text question", start);

/** What a visitor may answer, by its content: "The answer ‘Go’ to ‘What programming language…’". */
export const describeAnswer = (answer: Answer, expected?: string): string => sentence(answerWords(answer, expected));

/** How a hand-over may end, as the studio calls it. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  closed: "when the person is done",
  unavailable: "when nobody is there",
  timeout: "when nobody has come in time",
};

/** The same where it stands alone. */
export const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = {
  closed: sentence(OUTCOME_WORDS.closed),
  unavailable: sentence(OUTCOME_WORDS.unavailable),
  timeout: sentence(OUTCOME_WORDS.timeout),
};

function answerWords({ id, group, handOff, text, openers }: Answer, expected: string | undefined): string {
  if (handOff) {
    const [request] = handOff.requests;
    const words = `what follows ${OUTCOME_WORDS[id as Outcome]}`;
    return request === undefined ? words : `${words}, after ${called("hand-over to a person", request)}`;
  }
  if (group) {
    const hasWords = text !== undefined && beginning(text).trim() !== "";
    const picked = hasWords ? `the answer ${quotedRich(text, "choice")}` : "an answer without words";
    const [question] = group.requests;
    return question === undefined ? picked : `${picked} to ${firstOf(question) ?? "a question without words"}`;
  }
  const typed = expected === undefined ? "any text" : `the text ${quoted(expected)}`;
  return `${typed} for ${endedWords(openers[0])}`;
}
