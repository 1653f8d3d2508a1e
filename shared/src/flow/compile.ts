import { MAX_WAIT_SECONDS, OUTCOMES, type Outcome, type RequestMessage } from "../message.js";
import { comparableText, jsonBytes, readId } from "../text.js";
import type { FlowMatch, FlowRequest } from "./schema.js";
import { Filler, parseTemplate, type Template } from "./template.js";

/** A flow made ready for stepping: immutable, every look-up by index (F10). */
export type Program = {
  /** The first key of the flow (F1); undefined for a flow without states. */
  readonly start: string | undefined;
  readonly states: ReadonlyMap<string, ProgramState>;
  /** groupId → itemId → the first matching state in file order (F4). */
  readonly choices: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** sessionId → the states that match a text. */
  readonly texts: ReadonlyMap<string, TextMatches>;
  /** handOffId → how it ended → the state that matches it. */
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<Outcome, string>>;
  /** The number of the stepping rules that a conversation on it needs: 2 where it hands over to a person, else 1. */
  readonly step: 1 | 2;
  /** The ids that some text asks for (F12): only these answers are kept. */
  readonly asked: ReadonlySet<string>;
};

export type ProgramState = {
  /** Makes the message that the state sends, filled in with `value`. A text without placeholders is made once. */
  readonly send?: (value: (id: string) => string | undefined) => RequestMessage;
  readonly next: string | undefined;
};
export type TextMatches = { readonly exact: ReadonlyMap<string, string>; readonly other: string | undefined };

/**
 * Prepares a flow for `step`. Linear in its size. States that `check` reports as malformed are left out, so that the
 * sound part of a broken draft still runs; publish only what `check` finds without errors.
 */
export function compile(flow: unknown): Program {
  const states = new Map<string, ProgramState>();
  const choices = new Map<string, Map<string, string>>();
  const texts = new Map<string, { exact: Map<string, string>; other: string | undefined }>();
  const outcomes = new Map<string, Map<Outcome, string>>();
  const asked = new Set<string>();
  let step: Program["step"] = 1;
  for (const [name, state] of Object.entries(isObject(flow) ? flow : {})) {
    if (name === "$schema" || !isObject(state)) continue;
    const handsOver = isObject(state.sendRequest) && state.sendRequest.kind === "HandOff";
    if (handsOver) step = 2;
    // The flow waits at a hand-off, whatever the file says.
    const next = typeof state.next === "string" && !handsOver ? state.next : undefined;
    const send = state.sendRequest === undefined ? undefined : requestMaker(state.sendRequest, asked);
    if (state.matchResponse !== undefined) indexMatch(name, state.matchResponse, { choices, texts, outcomes });
    else if (!send) continue;
    states.set(name, send ? { send, next } : { next });
  }
  return { start: states.keys().next().value, states, choices, texts, outcomes, step, asked };
}

type Index = {
  readonly choices: Map<string, Map<string, string>>;
  readonly texts: Map<string, { exact: Map<string, string>; other: string | undefined }>;
  readonly outcomes: Map<string, Map<Outcome, string>>;
};

function indexMatch(name: string, value: unknown, { choices, texts, outcomes }: Index): void {
  if (!isObject(value)) return;
  const match = value as FlowMatch;
  if (match.kind === "ChoiceResponse" && isId(match.groupId) && isId(match.itemId)) {
    const items = entry(choices, readId(match.groupId), () => new Map<string, string>());
    const itemId = readId(match.itemId);
    if (!items.has(itemId)) items.set(itemId, name);
  } else if (match.kind === "UserText" && isId(match.sessionId)) {
    const matches = entry(texts, readId(match.sessionId), () => ({ exact: new Map(), other: undefined }));
    if (typeof match.content !== "string") matches.other ??= name;
    else {
      const text = comparableText(match.content);
      if (!matches.exact.has(text)) matches.exact.set(text, name);
    }
  } else if (match.kind === "HandOffResult" && isId(match.handOffId) && OUTCOMES.includes(match.outcome)) {
    const states = entry(outcomes, readId(match.handOffId), () => new Map<Outcome, string>());
    if (!states.has(match.outcome)) states.set(match.outcome, name);
  }
}

/** The function that makes a request's message; undefined when the request is malformed. */
function requestMaker(value: unknown, asked: Set<string>): ProgramState["send"] | undefined {
  if (!isObject(value)) return undefined;
  const request = value as FlowRequest;
  const templates: Template[] = [];
  const text = (source: string, rich = true): Template => {
    const template = parseTemplate(source, rich);
    templates.push(template);
    return template;
  };
  const build = builder(request, text);
  if (!build) return undefined;
  const ids = templates.flatMap((t) => t.parts.filter((part) => typeof part !== "string").map((part) => part.id));
  for (const id of ids) asked.add(id);
  const empty = build(new Filler(() => undefined, 0));
  if (ids.length === 0 && templates.every((t) => t.parts.length === 1)) return () => empty;
  // Measured with one character for each value: two halves of a character are more bytes with a value between them.
  const size = jsonBytes(build(new Filler(() => "-", 0))) - ids.length;
  return (lookup) => build(new Filler(lookup, size));
}

/** One request kind a case: which of its texts are templates, and the message they make. */
function builder(
  request: FlowRequest,
  text: (source: string, rich?: boolean) => Template,
): ((filler: Filler) => RequestMessage) | undefined {
  switch (request.kind) {
    case "BotText": {
      if (typeof request.content !== "string") return undefined;
      const content = text(request.content);
      return (filler) => ({ kind: "BotText", content: filler.fill(content) });
    }
    case "ChoiceRequest": {
      if (!isId(request.groupId) || typeof request.question !== "string" || !Array.isArray(request.choices)) return;
      const question = text(request.question);
      const items = request.choices
        .filter((item) => isObject(item) && isId(item.itemId) && typeof item.content === "string")
        .map((item) => ({ itemId: readId(item.itemId), content: text(item.content) }));
      const groupId = readId(request.groupId);
      return (filler) => ({
        kind: "ChoiceRequest",
        groupId,
        question: filler.fill(question),
        choices: items.map((item) => ({ itemId: item.itemId, content: filler.fill(item.content) })),
      });
    }
    case "StartChatSession": {
      if (!isId(request.sessionId)) return undefined;
      const sessionId = readId(request.sessionId);
      const prompt = typeof request.chatPrompt === "string" ? text(request.chatPrompt, false) : undefined;
      const said = typeof request.chatText === "string" ? text(request.chatText) : undefined;
      return (filler) => ({
        kind: "StartChatSession",
        sessionId,
        ...(prompt && { chatPrompt: filler.fill(prompt) }),
        ...(said && { chatText: filler.fill(said) }),
      });
    }
    case "EndChatSession": {
      if (!isId(request.sessionId)) return undefined;
      const sessionId = readId(request.sessionId);
      return () => ({ kind: "EndChatSession", sessionId });
    }
    case "HandOff": {
      if (!isId(request.handOffId)) return undefined;
      const sessionId = readId(request.handOffId);
      const said = typeof request.content === "string" ? text(request.content) : undefined;
      const { queue, timeout } = request;
      const handOff = {
        ...(typeof queue === "string" && queue !== "" && { queue }),
        ...(isWait(timeout) && { timeout }),
      };
      return (filler) => ({
        kind: "StartChatSession",
        sessionId,
        ...(said && { chatText: filler.fill(said) }),
        handOff,
      });
    }
    default:
      return undefined;
  }
}

const isWait = (seconds: unknown): seconds is number =>
  Number.isInteger(seconds) && (seconds as number) >= 1 && (seconds as number) <= MAX_WAIT_SECONDS;

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";
