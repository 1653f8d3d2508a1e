import { comingBefore } from "../answered.js";
import { type Answer, type Model, type ModelState, pathOf, type TextField } from "../model.js";
import { MAX_VARIABLE_LENGTH, placeholders } from "../template.js";
import { describe, describeWithin, named, quoted } from "../wording.js";
import { type Checked, inFlow, inState } from "./rule.js";

type Use = { readonly id: string; readonly fallback: boolean; readonly state: ModelState; readonly field: TextField };

/** Each id once for each text that asks for it; without a fallback if any of its places has none. */
function readUses(model: Model): Use[] {
  const uses: Use[] = [];
  for (const state of model.states) {
    for (const field of state.texts) {
      if (!field.source.includes("{{")) continue;
      const ids = new Map<string, boolean>();
      for (const { id, fallback } of placeholders(field.source, field.role !== "chatPrompt")) {
        ids.set(id, (ids.get(id) ?? true) && fallback !== undefined);
      }
      for (const [id, fallback] of ids) uses.push({ id, fallback, state, field });
    }
  }
  return uses;
}

/** The answers that give `{{id}}` its value; none when no request asks for it. */
function answersOf(model: Model, id: string): readonly Answer[] {
  const group = model.groups.get(id);
  const chat = model.chats.get(id);
  return [
    ...(group && group.requests.length > 0 ? group.answers.values() : []),
    ...(chat && chat.starts.length > 0 ? [chat.answer] : []),
  ];
}

/** The question that these answers are to. */
const questionOf = ([answer]: readonly Answer[]): string =>
  describeWithin((answer!.group?.requests ?? answer!.openers)[0]!);

/** `unknown-answer` and `answer-not-yet`: placeholders that stay empty always, or on some path. */
export function placeholderValues({ model, graph, variables, report }: Checked): void {
  const uses = readUses(model);
  if (uses.length === 0) return;
  const sources = new Map<string, readonly Answer[]>();
  const asked: string[] = [];
  for (const { id, fallback, state, field } of uses) {
    if (!sources.has(id)) sources.set(id, answersOf(model, id));
    const known = sources.get(id)!.length > 0;
    if (!fallback && known && !variables.has(id)) asked.push(id);
    if (known || variables.has(id)) continue;
    report.add("unknown-answer", inState(state, ...pathOf(field)), () => ({
      message: `State ${named(state.name)}: {{${named(id).slice(1, -1)}}} names no question, chat session or declared variable.`,
      plain: `${describe(state)} asks for the answer to ${quoted(id)}, which is no question. If the page says it, add it in the settings, under ‘Names the page may set’.`,
      ...(id.length <= MAX_VARIABLE_LENGTH && { variable: id }),
    }));
  }
  const { before, stopped, steps } = comingBefore(model, graph, [...new Set(asked)], (id) => sources.get(id)!);
  for (const { id, fallback, state, field } of uses) {
    if (fallback || !before(id, state)) continue;
    report.add("answer-not-yet", inState(state, ...pathOf(field)), () => ({
      message: `State ${named(state.name)}: a path comes here before {{${named(id).slice(1, -1)}}} is answered; give it a fallback, as {{${named(id).slice(1, -1)}|…}}.`,
      plain: `${describe(state)} may come before ${questionOf(sources.get(id)!)} is answered. Say what to write then.`,
    }));
  }
  if (stopped) {
    report.add("answer-not-yet", inFlow, () => ({
      message: `The search for answers that are used before they are given was stopped after ${steps} steps; there may be more of them.`,
      plain: "Too many answers are used in texts to follow them all; some may be used before they are given.",
    }));
  }
}
