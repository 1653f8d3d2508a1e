import { BLANK } from "@parley/shared/flow/blank";
import { applyAll } from "./apply.js";
import type { Change } from "./change.js";
import type { TextRef } from "./commands/command.js";
import { readText } from "./commands/text.js";
import { type Draft, type FlowJson, stateNames } from "./draft.js";
import { readSteps } from "./steps.js";

/** The title of a flow that nobody has named. */
export const NEW_TITLE = "New flow";
/** A title stands in one line above the conversation. */
const LONGEST_TITLE = 60;
/** The first sentence, where it says more than a greeting. */
const SENTENCE = /^.{11,59}?[.!?…](?=\s)/u;

/** What a flow is called by the sentence it begins with; undefined where nothing is said. */
export function titleByWords(flow: FlowJson): string | undefined {
  const [name] = stateNames(flow);
  const first = name === undefined ? undefined : readSteps(draftOf({ [name]: flow[name]! })).steps[0];
  if (first === undefined || first.blank) return undefined;
  const words = SENTENCE.exec(first.title)?.[0] ?? first.title;
  const space = words.lastIndexOf(" ", LONGEST_TITLE);
  return words.length <= LONGEST_TITLE ? words : `${words.slice(0, space > 0 ? space : LONGEST_TITLE)}…`;
}

const draftOf = (flow: FlowJson): Draft => ({ flow, layout: {}, settings: {} });

/** What a blank flow says, as an example. */
const EXAMPLE = readText(draftOf(BLANK), { step: Object.keys(BLANK)[0]!, field: "text" });

/** Whether a text is what a flow that nobody has named begins with, and nothing is written there yet. */
export function isFirstText(draft: Draft, at: TextRef): boolean {
  if (draft.settings.title !== NEW_TITLE || at.field !== "text" || stateNames(draft.flow)[0] !== at.step) return false;
  return ["", EXAMPLE].includes(readText(draft, at));
}

/** The change of the title that goes with these of the first text; none where the flow was given another title meanwhile. */
export function followTitle(draft: Draft, changes: readonly Change[]): Change[] {
  const { title } = draft.settings;
  if (title !== NEW_TITLE && title !== titleByWords(draft.flow)) return [];
  const value = titleByWords(applyAll(draft, changes).draft.flow) ?? NEW_TITLE;
  return value === title ? [] : [{ kind: "setting", key: "title", value, follows: true }];
}
