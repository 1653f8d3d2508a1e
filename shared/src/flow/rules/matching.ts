import type { FlowChange } from "../change.js";
import type { Fix } from "../finding.js";
import { FreeNames } from "../free-names.js";
import { type Chat, expectedKey, type HandOff, type ModelState } from "../model.js";
import type { Words } from "../report.js";
import type { FlowMatch } from "../schema.js";
import { describe, describeAnswer, describeWithin, named } from "../wording.js";
import { type Checked, inState } from "./rule.js";

/** Items of questions that no state handles. Each item is named once, at the first question that offers it. */
export function choiceWithoutMatch({ model, report }: Checked): void {
  const names = new FreeNames(model.byName);
  for (const group of model.groups.values()) {
    if (group.requests.length === 0) continue;
    const next = commonNext(group.matches);
    let after = group.matches.at(-1)?.name;
    for (const answer of group.answers.values()) {
      const opener = answer.openers[0];
      if (!opener || answer.matches.length > 0) continue;
      report.add("choice-without-match", inState(opener, "sendRequest", "choices", answer.choice!), () => {
        const match: FlowMatch = { kind: "ChoiceResponse", groupId: group.id, itemId: answer.id };
        const name = names.take(opener.name, answer.id);
        const fix = adding("Add the step for this answer", name, match, next, after ?? opener.name);
        after = name;
        return {
          message: `State ${named(opener.name)}: no matchResponse handles item ${named(answer.id)} of question ${named(group.id)}.`,
          plain: `${describeAnswer(answer)} leads nowhere.`,
          fix,
        };
      });
    }
  }
}

/** Chat sessions that are opened, and no state takes what is typed. */
export function chatWithoutMatch({ model, report }: Checked): void {
  const names = new FreeNames(model.byName);
  for (const chat of model.chats.values()) {
    const start = chat.starts[0];
    if (!start || chat.answer.matches.length > 0) continue;
    report.add("chat-without-match", inState(start, "sendRequest"), () => ({
      message: `State ${named(start.name)}: no matchResponse handles a text for chat session ${named(chat.id)}.`,
      plain: `${describe(start)} asks for a text, and nothing follows when it comes.`,
      fix: adding(
        "Add the step for the text",
        names.take(start.name, "text"),
        anyText(chat),
        closing(chat),
        start.name,
      ),
    }));
  }
}

/** A chat session with expected texts only: any other is refused (F7). */
export function noOtherText({ model, report }: Checked): void {
  const names = new FreeNames(model.byName);
  for (const chat of model.chats.values()) {
    const start = chat.starts[0];
    const { matches } = chat.answer;
    if (!start || matches.length === 0 || matches.some((match) => match.expected === undefined)) continue;
    report.add("no-other-text", inState(start, "sendRequest"), () => ({
      message: `State ${named(start.name)}: chat session ${named(chat.id)} is matched only by texts with "content"; any other text is refused.`,
      plain: `${describe(start)} accepts only the expected texts; anything else is refused.`,
      fix: adding(
        "Add the step for any other text",
        names.take(start.name, "other"),
        anyText(chat),
        // Asked again: to go on as after an expected text could be what the visitor refused.
        start.name,
        matches.at(-1)!.name,
      ),
    }));
  }
}

/** Two states for the same answer: the first in the file runs, the other never. */
export function duplicateMatch({ model, report }: Checked): void {
  for (const answer of model.answers) {
    const first = new Map<string | undefined, ModelState>();
    for (const state of answer.matches) {
      const key = expectedKey(state);
      const before = first.get(key);
      if (!before) {
        first.set(key, state);
        continue;
      }
      report.add("duplicate-match", inState(state, "matchResponse"), () => ({
        message: `State ${named(state.name)}: it matches the same answer as state ${named(before.name)}, which stands before it, so it never runs.`,
        plain: `${describe(state)} stands twice; only the first is ever used.`,
      }));
    }
  }
}

/** Matches of what no request opens. */
export function matchWithoutRequest({ model, report }: Checked): void {
  for (const answer of model.answers) {
    if (answer.openers.length > 0) continue;
    for (const state of answer.matches) {
      report.add("match-without-request", inState(state, "matchResponse"), () => {
        if (answer.handOff) return nobodyHandsOver(state, answer.handOff);
        const missing = !answer.group
          ? `no StartChatSession opens chat session ${named(answer.id)}`
          : answer.group.requests.length === 0
            ? `no ChoiceRequest asks question ${named(answer.group.id)}`
            : `question ${named(answer.group.id)} has no item ${named(answer.id)}`;
        const plain = answer.group ? "is offered by no question" : "belongs to no text question";
        return { message: `State ${named(state.name)}: ${missing}.`, plain: `${describe(state)} ${plain}.` };
      });
    }
  }
}

function nobodyHandsOver(state: ModelState, { id, requests }: HandOff): Words {
  const [request] = requests;
  if (!request) {
    return {
      message: `State ${named(state.name)}: no HandOff has the id ${named(id)}.`,
      plain: `${describe(state)} belongs to no hand-over to a person.`,
    };
  }
  return {
    message: `State ${named(state.name)}: HandOff ${named(id)} has no "timeout", so it does not end like that.`,
    plain: `${describe(state)} never comes: ${describeWithin(request)} waits without an end. Say how long, or remove it.`,
  };
}

/** Where all these states lead, if they are several and it is one place: of one alone, the other may be the opposite. */
function commonNext(matches: readonly ModelState[]): string | undefined {
  const next = matches[0]?.next;
  return matches.length > 1 && matches.every((match) => match.next === next) ? next : undefined;
}

/** The state that closes a chat session, if it is one. */
const closing = (chat: Chat): string | undefined => (chat.ends.length === 1 ? chat.ends[0]!.name : undefined);

const anyText = (chat: Chat): FlowMatch => ({ kind: "UserText", sessionId: chat.id });

function adding(label: string, name: string, match: FlowMatch, next: string | undefined, after: string): Fix {
  const state = { matchResponse: match, ...(next !== undefined && { next }) };
  const change: FlowChange = { kind: "addState", name, state, after };
  return { label, changes: [change] };
}

/** The same item twice in one question. */
export function duplicateItem({ model, report }: Checked): void {
  /** The state that offered an answer last. */
  const offered = new Int32Array(model.answers.length).fill(-1);
  for (const state of model.states) {
    for (const { id, index, text, answer } of state.items ?? NONE) {
      if (offered[answer.index] === state.index) {
        report.add("duplicate-item", inState(state, "sendRequest", "choices", index), () => ({
          message: `State ${named(state.name)}: item ${named(id)} stands twice in question ${named(state.group!.id)}.`,
          plain: `${describeAnswer({ ...answer, text })} has the same ID in the file as another answer of its question.`,
        }));
      }
      offered[answer.index] = state.index;
    }
  }
}

const NONE: readonly never[] = [];

/** The same question with different items: an answer may meet the wrong ones. */
export function groupReused({ model, report }: Checked): void {
  for (const group of model.groups.values()) {
    const [first, ...others] = group.requests;
    if (!first || others.length === 0) continue;
    const ids = itemIds(first);
    for (const other of others) {
      const own = itemIds(other);
      if (own.size === ids.size && [...own].every((id) => ids.has(id))) continue;
      report.add("group-reused", inState(other, "sendRequest", "groupId"), () => ({
        message: `State ${named(other.name)}: it opens question ${named(group.id)} with other items than state ${named(first.name)} does.`,
        plain: `${describe(other)} shares its ID in the file with ${describeWithin(first)}, but not its answers.`,
      }));
    }
  }
}

const itemIds = (state: ModelState): ReadonlySet<string> => new Set(state.items?.map((item) => item.id));
