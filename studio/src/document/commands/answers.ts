import { slug } from "@parley/shared/flow/naming";
import { comparableText } from "@parley/shared/text";
import type { Draft } from "../draft.js";
import { freshItem } from "../names.js";
import type { Port, Step } from "../steps.js";
import { type CommandResult, refuse } from "./command.js";
import { Plan } from "./plan.js";
import { withoutDrawing } from "./remove.js";

const GONE = "This step is not there any more.";
const ALWAYS =
  "A hand-over may always end like this. Say what follows; without a waiting time it waits for somebody to come.";

/**
 * Adds answers to a question, or expected texts to a text question, each with its state; before the port `before`, or
 * behind the last. An expected text that is there already is not added twice.
 */
export function addAnswer(
  draft: Draft,
  args: { readonly step: string; readonly contents?: readonly string[]; readonly before?: string },
): CommandResult {
  const plan = new Plan(draft);
  const step = plan.steps.byId.get(args.step);
  if (step?.ref === undefined) return refuse(GONE);
  const before = step.ports.find(({ id }) => id === args.before);
  const contents = args.contents?.length ? args.contents : [""];
  const added =
    step.kind === "question"
      ? addItems(plan, step, contents, before)
      : step.kind === "text"
        ? addExpected(plan, step, contents, before)
        : [];
  const [first] = added;
  if (first === undefined) return refuse("This is there already.");
  return { changes: plan.changes, select: [step.id], focus: { step: step.id, field: "port", port: first } };
}

function addItems(plan: Plan, step: Step, contents: readonly string[], before: Port | undefined): string[] {
  const at = [step.id, "sendRequest", "choices"];
  const taken = new Set(step.ports.map(({ item }) => item ?? ""));
  let after = stateBefore(step, before);
  const beforeItem = before?.item !== undefined && { before: before.item };
  return contents.map((content) => {
    const itemId = freshItem(slug(content, "choice"), taken);
    taken.add(itemId);
    plan.do({ kind: "addItem", at, item: { itemId, content }, ...beforeItem });
    after = plan.takeItem(step.ref!, itemId, after);
    return `answer:${itemId}`;
  });
}

function addExpected(plan: Plan, step: Step, contents: readonly string[], before: Port | undefined): string[] {
  const there = new Set(step.ports.filter(({ kind }) => kind === "text").map(({ label }) => comparableText(label)));
  const added: string[] = [];
  // Expected texts stand before any other text.
  let after = stateBefore(step, before ?? step.ports.find(({ kind }) => kind === "other-text"));
  for (const content of contents) {
    const key = comparableText(content);
    if (there.has(key)) continue;
    there.add(key);
    const { match, end } = plan.takeText(step.ref!, content, after);
    after = end;
    added.push(`text:${match}`);
  }
  return added;
}

/** The state behind which the states of a new port go, so that the file has the order of the card. */
function stateBefore(step: Step, before: Port | undefined): string {
  const ports = before ? step.ports.slice(0, step.ports.indexOf(before)) : step.ports;
  const last = ports.findLast(({ state }) => state !== undefined);
  return last?.end ?? last?.state ?? step.id;
}

/** Takes an answer away with its state. */
export function removeAnswer(
  draft: Draft,
  { step: id, port: portId }: { readonly step: string; readonly port: string },
): CommandResult {
  const plan = new Plan(draft);
  const step = plan.steps.byId.get(id);
  const port = step?.ports.find((port) => port.id === portId);
  if (!step || !port || port.kind === "then") return refuse(GONE);
  if (port.kind === "outcome") return refuse(ALWAYS);
  if (step.ports.filter(({ kind, state }) => kind === "answer" || state !== undefined).length < 2) {
    return refuse(step.kind === "question" ? "A question needs an answer." : "One way to go on must stay.");
  }
  const shared = step.ports.some((other) => other !== port && other.end === port.end);
  const states = [shared ? undefined : port.end, port.state].filter((state) => state !== undefined);
  plan.do(...withoutDrawing(draft, new Set(states)), ...states.map((name) => ({ kind: "removeState", name }) as const));
  if (port.item !== undefined) plan.do({ kind: "removeItem", at: [id, "sendRequest", "choices"], item: port.item });
  return { changes: plan.changes, select: [id] };
}

/** Moves an answer before another port, or behind the last. */
export function moveAnswer(
  draft: Draft,
  args: { readonly step: string; readonly port: string; readonly before?: string },
): CommandResult {
  const plan = new Plan(draft);
  const step = plan.steps.byId.get(args.step);
  const port = step?.ports.find(({ id }) => id === args.port);
  if (!step || !port || port.kind === "then") return refuse(GONE);
  if (args.before === args.port) return { changes: [] };
  if (port.kind === "outcome") return refuse(ALWAYS);
  const before = step.ports.find(({ id }) => id === args.before);
  if (port.item !== undefined) {
    const beforeItem = before?.item !== undefined && { before: before.item };
    plan.do({ kind: "moveItem", at: [step.id, "sendRequest", "choices"], item: port.item, ...beforeItem });
  }
  const others = { ...step, ports: step.ports.filter((other) => other !== port) };
  const moving = new Set([port.state, port.end]);
  const next = plan.stateAfter(stateBefore(others, before));
  if (port.state !== undefined && next !== undefined && !moving.has(next)) {
    plan.do({ kind: "moveState", name: port.state, before: next });
    if (port.end !== undefined) plan.do({ kind: "moveState", name: port.end, before: next });
  } else if (port.state !== undefined && next === undefined) {
    plan.do({ kind: "moveState", name: port.state });
    if (port.end !== undefined) plan.do({ kind: "moveState", name: port.end });
  }
  return { changes: plan.changes, select: [step.id] };
}

/** What must be typed for a way out of a text question; absent: any other text. */
export function setExpectedText(
  draft: Draft,
  { step: id, port: portId, text }: { readonly step: string; readonly port: string; readonly text?: string },
): CommandResult {
  const plan = new Plan(draft);
  const step = plan.steps.byId.get(id);
  const port = step?.ports.find((port) => port.id === portId);
  if (step?.kind !== "text" || !port) return refuse(GONE);
  const key = text === undefined ? undefined : comparableText(text);
  const keyOf = ({ kind, label }: Port) => (kind === "text" ? comparableText(label) : undefined);
  const taken = step.ports.some((other) => other !== port && keyOf(other) === key && (other.state ?? other.to));
  if (taken)
    return refuse(text === undefined ? "Any other text has a way out already." : "This text has a way out already.");
  const match = port.state ?? port.to;
  if (match === undefined) {
    plan.takeText(step.ref!, text, plan.lastStateOf(id));
  } else plan.do({ kind: "set", at: [match, "matchResponse", "content"], ...(text !== undefined && { value: text }) });
  return { changes: plan.changes, select: [id], follow: [id] };
}
