import { answerWords, endWords, outcomeWords, PLAIN_NAMES, typedWords } from "@parley/shared/flow/naming";
import { factsOf, type StateFacts } from "@parley/shared/flow/state-facts";
import { applyAll } from "../apply.js";
import type { Change } from "../change.js";
import { type Draft, type Json, stateNames } from "../draft.js";
import { FreshNames } from "../names.js";
import { type Port, readSteps, type Step, type StepGraph } from "../steps.js";
import type { PortRef } from "./command.js";

/** The changes of one gesture as they come together: each is planned on what those before it leave. */
export class Plan {
  readonly changes: Change[] = [];
  readonly names: FreshNames;
  #draft: Draft;

  constructor(draft: Draft) {
    this.#draft = draft;
    this.names = new FreshNames(draft);
  }

  get draft(): Draft {
    return this.#draft;
  }

  get steps(): StepGraph {
    return readSteps(this.#draft);
  }

  do(...changes: readonly Change[]): void {
    const { draft, inverse } = applyAll(this.#draft, changes);
    if (inverse.length === 0) return;
    this.#draft = draft;
    this.changes.push(...changes);
  }

  has(state: string): boolean {
    return state !== "$schema" && Object.hasOwn(this.#draft.flow, state);
  }

  facts(state: string): StateFacts {
    return factsOf(this.#draft.flow[state]!);
  }

  /** Adds a state behind another; absent: at the end of the file. */
  addState(name: string, state: Json, after?: string): void {
    const before = after === undefined ? undefined : this.stateAfter(after);
    this.do({ kind: "addState", name, state, ...(before !== undefined && { before }) });
  }

  /** The state behind another in the file; of one that is gone, none. */
  stateAfter(name: string): string | undefined {
    const names = Object.keys(this.#draft.flow);
    const index = names.indexOf(name);
    return index < 0 ? undefined : names[index + 1];
  }

  firstState(): string | undefined {
    return stateNames(this.#draft.flow)[0];
  }

  /** The last state of a step in the file, or the state itself. */
  lastStateOf(step: string): string {
    return this.steps.byId.get(step)?.states.at(-1) ?? step;
  }

  setNext(state: string, to: string | undefined): void {
    this.do({ kind: "set", at: [state, "next"], ...(to !== undefined && { value: to }) });
  }

  /**
   * The state whose `next` is where a port leads. States that the port needs for that are added: of an answer that
   * nothing takes, or a text question's end that other ports share. Undefined when there is no such port.
   */
  wayOut({ step: id, port: portId }: PortRef): string | undefined {
    const step = this.steps.byId.get(id);
    // In the States view answers and ends are steps as well.
    if (!step) return portId === "then" && this.has(id) ? id : undefined;
    const port = step.ports.find((port) => port.id === portId);
    if (!port) return undefined;
    if (port.kind === "then") return id;
    if (port.state === undefined)
      return step.folded ? this.#takeAnswer(step, port) : (port.to ?? this.#takeAnswer(step, port));
    if (port.end === undefined) return port.state;
    const shared = step.ports.some((other) => other !== port && other.end === port.end);
    return shared ? this.#ownEnd(step, port.state, port.end) : port.end;
  }

  /** Where a port leads now; undefined when it leads nowhere. */
  target({ step, port }: PortRef): string | undefined {
    const found = this.steps.byId.get(step)?.ports.find(({ id }) => id === port);
    if (found?.state === undefined && found?.kind !== "then") {
      const holder = found ? found.to : step;
      return holder !== undefined && this.has(holder) ? this.facts(holder).next : undefined;
    }
    return found.to ?? found.missing;
  }

  /** The state that takes an answer, which nothing took: of a text with its end. */
  #takeAnswer(step: Step, port: Port): string | undefined {
    const { ref } = step;
    if (ref === undefined) return undefined;
    const after = this.lastStateOf(step.id);
    if (step.kind === "question") {
      return port.item === undefined ? undefined : this.takeItem(ref, port.item, after);
    }
    if (step.kind === "hand-off") return this.takeOutcome(ref, outcomeOf(port), after);
    return this.takeText(ref, undefined, after).end;
  }

  /** Adds the state that takes how a hand-off ends. */
  takeOutcome(handOffId: string, outcome: string, after: string): string {
    const name = this.names.state(outcomeWords(handOffId, outcome), PLAIN_NAMES.handOff);
    this.addState(name, { matchResponse: { kind: "HandOffResult", handOffId, outcome } }, after);
    return name;
  }

  /** Adds the state that takes an answer of a question. */
  takeItem(groupId: string, itemId: string, after: string): string {
    const name = this.names.state(answerWords(groupId, itemId), PLAIN_NAMES.question);
    this.addState(name, { matchResponse: { kind: "ChoiceResponse", groupId, itemId } }, after);
    return name;
  }

  /** Adds the state that takes a text, an expected or any other, and the end behind it. */
  takeText(sessionId: string, expected: string | undefined, after: string): { match: string; end: string } {
    const match = this.names.state(typedWords(sessionId, expected), PLAIN_NAMES.text);
    const end = this.names.state(endWords(sessionId, expected), PLAIN_NAMES.text);
    const content = expected !== undefined && { content: expected };
    this.addState(match, { matchResponse: { kind: "UserText", sessionId, ...content }, next: end }, after);
    this.addState(end, { sendRequest: { kind: "EndChatSession", sessionId } }, match);
    return { match, end };
  }

  #ownEnd(step: Step, match: string, end: string): string {
    const facts = this.facts(match);
    const expected = facts.expected === undefined ? undefined : facts.text;
    const name = this.names.state(endWords(step.ref!, expected), PLAIN_NAMES.text);
    const { next, ...state } = this.#draft.flow[end] as { [key: string]: Json };
    this.addState(name, next === undefined ? state : { ...state, next }, end);
    this.setNext(match, name);
    return name;
  }
}

/** Of a way out of a hand-off: how it ends. */
const outcomeOf = ({ id }: Port): string => id.slice("outcome:".length);
