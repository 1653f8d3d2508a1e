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

/** What of a request a reader sees first, or its id. */
function asked(opener: ModelState | undefined, id: string): string {
  const field = opener?.texts.find((text) => text.role !== "item" && beginning(text.source).trim());
  return field ? quotedRich(field.source) : quoted(id);
}

/** A step by its content, to begin a sentence with: "The question ‘Any other?’". */
export function describe(state: ModelState): string {
  if (state.matches) return describeAnswer(state.matches, state.expected);
  if (state.group) return `The question ${asked(state, state.name)}`;
  if (state.starts) return `The text question ${asked(state, state.starts.id)}`;
  if (state.ends) return `The end of the text question ${asked(state.ends.starts[0], state.ends.id)}`;
  return state.texts.length > 0 ? `The message ${asked(state, state.name)}` : `The step ${quoted(state.name)}`;
}

/** What a visitor may answer, by its content: "The answer ‘Go’ to ‘What programming language…’". */
export function describeAnswer(answer: Answer, expected?: string): string {
  if (answer.group) {
    const picked = answer.text && beginning(answer.text).trim() ? quotedRich(answer.text, "choice") : quoted(answer.id);
    return `The answer ${picked} to ${asked(answer.group.requests[0], answer.group.id)}`;
  }
  const question = `the text question ${asked(answer.openers[0], answer.id)}`;
  return expected === undefined ? `Any text for ${question}` : `The text ${quoted(expected)} for ${question}`;
}
