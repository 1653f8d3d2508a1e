import { askingWords, PLAIN_NAMES, slug } from "@parley/shared/flow/naming";
import { OUTCOMES } from "@parley/shared/message";
import type { Draft, Json } from "../draft.js";
import { freshItem } from "../names.js";
import { type CommandResult, type PortRef, refuse, type Where } from "./command.js";
import { Plan } from "./plan.js";

/** A step that says something. */
export function addMessage(draft: Draft, args: Where & { readonly text?: string }): CommandResult {
  const content = args.text ?? "";
  return addStep(draft, args, (plan, after) => {
    const name = plan.names.state(slug(content), PLAIN_NAMES.message);
    plan.addState(name, { sendRequest: { kind: "BotText", content } }, after);
    return { name, ways: [name] };
  });
}

/** A step that asks, with its answers (one empty answer unless given), each with its state. */
export function addQuestion(
  draft: Draft,
  args: Where & { readonly text?: string; readonly answers?: readonly string[] },
): CommandResult {
  const question = args.text ?? "";
  const answers = args.answers?.length ? args.answers : [""];
  return addStep(draft, args, (plan, after) => {
    const words = slug(question);
    const name = plan.names.state(words, PLAIN_NAMES.question);
    const groupId = plan.names.id(words, PLAIN_NAMES.question);
    const taken = new Set<string>();
    const choices = answers.map((content) => {
      const itemId = freshItem(slug(content, "choice"), taken);
      taken.add(itemId);
      return { itemId, content };
    });
    plan.addState(name, { sendRequest: { kind: "ChoiceRequest", groupId, question, choices } }, after);
    const ways: string[] = [];
    for (const { itemId } of choices) ways.push(plan.takeItem(groupId, itemId, ways.at(-1) ?? name));
    return { name, ways };
  });
}

/** A step that asks for a text, with its end. `expected`: texts with a way out of their own. */
export function addText(
  draft: Draft,
  args: Where & { readonly text?: string; readonly prompt?: string; readonly expected?: readonly string[] },
): CommandResult {
  const { text = "", prompt } = args;
  return addStep(draft, args, (plan, after) => {
    const words = askingWords({ text, ...(prompt !== undefined && { prompt }) });
    const name = plan.names.state(words, PLAIN_NAMES.text);
    const sessionId = plan.names.id(words, PLAIN_NAMES.text);
    const request: Json = {
      kind: "StartChatSession",
      sessionId,
      ...(prompt && { chatPrompt: prompt }),
      ...(text && { chatText: text }),
    };
    plan.addState(name, { sendRequest: request }, after);
    const ways: string[] = [];
    for (const expected of [...(args.expected ?? []), undefined]) {
      ways.push(plan.takeText(sessionId, expected, ways.at(-1) ?? name).end);
    }
    return { name, ways };
  });
}

/** How long a visitor waits for a person at most, in seconds, unless it is said otherwise. */
const WAIT = 300;

/** A step that hands over to a person, with a state for each way in which that may end. */
export function addHandOff(draft: Draft, args: Where & { readonly text?: string }): CommandResult {
  const content = args.text ?? "";
  return addStep(draft, args, (plan, after) => {
    const words = slug(content);
    const name = plan.names.state(words, PLAIN_NAMES.handOff);
    const handOffId = plan.names.id(words, PLAIN_NAMES.handOff);
    const request: Json = { kind: "HandOff", handOffId, ...(content && { content }), timeout: WAIT };
    plan.addState(name, { sendRequest: request }, after);
    const ways: string[] = [];
    for (const outcome of OUTCOMES) ways.push(plan.takeOutcome(handOffId, outcome, ways.at(-1) ?? name));
    return { name, ways };
  });
}

/** A new step on an edge, named by where that begins. */
export function insertOnEdge(
  draft: Draft,
  args: { readonly edge: PortRef; readonly kind: NewKind; readonly at?: Where["at"] },
): CommandResult {
  const where: Where = { after: args.edge, insert: true, ...(args.at && { at: args.at }) };
  return addNew(draft, args.kind, where);
}

/** The kinds of steps that can be added. */
export type NewKind = "message" | "question" | "text" | "hand-off";

/** A new step of a kind, which says nothing yet. */
export function addNew(draft: Draft, kind: NewKind, where: Where): CommandResult {
  switch (kind) {
    case "message":
      return addMessage(draft, where);
    case "question":
      return addQuestion(draft, where);
    case "text":
      return addText(draft, where);
    case "hand-off":
      return addHandOff(draft, where);
  }
}

/** Adds the states of a step and connects it. `ways` are the states whose `next` leads on from it. */
function addStep(
  draft: Draft,
  where: Where,
  add: (plan: Plan, after: string | undefined) => { readonly name: string; readonly ways: readonly string[] },
): CommandResult {
  const plan = new Plan(draft);
  const first = plan.firstState();
  const onward = where.after ? plan.target(where.after) : where.start ? first : undefined;
  const from = where.after && plan.wayOut(where.after);
  if (where.after && from === undefined) return refuse("There is no such way out any more.");
  const { name, ways } = add(plan, where.after && plan.lastStateOf(where.after.step));
  if (from !== undefined) plan.setNext(from, name);
  if (where.insert && onward !== undefined) for (const way of ways) plan.setNext(way, onward);
  if (where.start && first !== undefined) {
    const states = [name, ...(plan.steps.byId.get(name)?.states ?? []).filter((state) => state !== name)];
    plan.do(...states.map((state) => ({ kind: "moveState", name: state, before: first }) as const));
  }
  if (where.at) plan.do({ kind: "place", name, to: where.at });
  return { changes: plan.changes, select: [name], focus: { step: name, field: "text" } };
}
