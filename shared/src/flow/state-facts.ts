import { OUTCOMES, type Outcome } from "../message.js";
import { comparableText, firstUnits } from "../text.js";
import { isObject, type Json, type JsonObject, own } from "./json.js";
import { idOf, itemId } from "./references.js";
import { plainText } from "./rich-text.js";

/** A choice of a question as far as it can be read. */
export type ItemFacts = { readonly id: string | undefined; readonly label: string; readonly content: string };

/** What one state is, read without its neighbours. */
export type StateFacts = {
  readonly is:
    | ("message" | "question" | "text" | "end-text" | "hand-off")
    | ("choice-match" | "text-match" | "outcome-match" | "unknown");
  /** Just what the format says, so that showing it in another form hides nothing. */
  readonly plain: boolean;
  readonly next: string | undefined;
  /** `groupId`, `sessionId` or `handOffId`. */
  readonly ref: string | undefined;
  /** Its text as it stands in the file. */
  readonly text: string;
  /** The first words of it. */
  readonly title: string;
  readonly prompt: string | undefined;
  /** Of a question: every choice, in order. */
  readonly items: readonly ItemFacts[];
  /** Of a choice match. */
  readonly item: string | undefined;
  /** Of a text match: by what it is told apart from others; undefined is any other text. */
  readonly expected: string | undefined;
  /** Of a match of how a hand-off ends: how. */
  readonly outcome: Outcome | undefined;
  /** Of a hand-off: its queue, and after how many seconds the visitor waits no more. */
  readonly queue: string | undefined;
  readonly timeout: number | undefined;
};

const KINDS: { readonly [kind: string]: Pick<StateFacts, "is"> & { readonly key: string; readonly fields: string[] } } =
  {
    __proto__: null as never,
    BotText: { is: "message", key: "sendRequest", fields: ["content"] },
    ChoiceRequest: { is: "question", key: "sendRequest", fields: ["groupId", "question", "choices"] },
    StartChatSession: { is: "text", key: "sendRequest", fields: ["sessionId", "chatPrompt", "chatText"] },
    EndChatSession: { is: "end-text", key: "sendRequest", fields: ["sessionId"] },
    HandOff: { is: "hand-off", key: "sendRequest", fields: ["handOffId", "queue", "content", "timeout"] },
    ChoiceResponse: { is: "choice-match", key: "matchResponse", fields: ["groupId", "itemId", "content"] },
    UserText: { is: "text-match", key: "matchResponse", fields: ["sessionId", "content"] },
    HandOffResult: { is: "outcome-match", key: "matchResponse", fields: ["handOffId", "outcome"] },
  };

const ID_FIELDS: { readonly [is in StateFacts["is"]]?: string } = {
  question: "groupId",
  "choice-match": "groupId",
  "hand-off": "handOffId",
  "outcome-match": "handOffId",
};

/** States are never changed, so what was read of one holds as long as it is there. */
const known = new WeakMap<object, StateFacts>();

/** Reads a state; whatever it is, something comes out. */
export function factsOf(state: Json): StateFacts {
  if (!isObject(state)) return UNKNOWN;
  let facts = known.get(state);
  if (!facts) {
    facts = read(state);
    known.set(state, facts);
  }
  return facts;
}

const UNKNOWN: StateFacts = {
  is: "unknown",
  plain: false,
  next: undefined,
  ref: undefined,
  text: "",
  title: "",
  prompt: undefined,
  items: [],
  item: undefined,
  expected: undefined,
  outcome: undefined,
  queue: undefined,
  timeout: undefined,
};

function read(state: JsonObject): StateFacts {
  const next = own(state, "next");
  const leads = typeof next === "string" ? next : undefined;
  const request = own(state, "sendRequest");
  const match = own(state, "matchResponse");
  const part = request ?? match;
  const kind = isObject(part) ? own(part, "kind") : undefined;
  const found = typeof kind === "string" ? KINDS[kind] : undefined;
  if (!isObject(part) || !found || own(state, found.key) !== part || (request !== undefined && match !== undefined)) {
    return { ...UNKNOWN, next: leads };
  }
  const { is } = found;
  const ref = idOf(own(part, ID_FIELDS[is] ?? "sessionId"));
  if (is !== "message" && ref === undefined) return { ...UNKNOWN, next: leads };
  const text = textOf(part, is);
  const items = is === "question" ? readItems(own(part, "choices")) : [];
  const knownKeys = Object.keys(state).every((key) => key === found.key || (key === "next" && leads !== undefined));
  return {
    is,
    plain: knownKeys && isPlain(part, found.fields) && items.every((item) => item.id !== undefined),
    next: leads,
    ref,
    text,
    title: firstWords(is === "text-match" ? text : plainText(firstUnits(text, 2000))),
    prompt: stringAt(part, "chatPrompt"),
    items,
    item: is === "choice-match" ? idOf(own(part, "itemId")) : undefined,
    expected: is === "text-match" && stringAt(part, "content") !== undefined ? comparableText(text) : undefined,
    outcome: is === "outcome-match" ? OUTCOMES.find((one) => one === own(part, "outcome")) : undefined,
    queue: is === "hand-off" ? stringAt(part, "queue") : undefined,
    timeout: is === "hand-off" && isSeconds(own(part, "timeout")) ? (own(part, "timeout") as number) : undefined,
  };
}

/** All fields are known ones, and texts are texts. */
function isPlain(part: JsonObject, fields: readonly string[]): boolean {
  return Object.entries(part).every(
    ([key, value]) =>
      key === "kind" ||
      (fields.includes(key) &&
        (key === "choices"
          ? Array.isArray(value) && value.length > 0
          : key === "timeout"
            ? isSeconds(value)
            : key.endsWith("Id")
              ? idOf(value) !== undefined
              : typeof value === "string")),
  );
}

const isSeconds = (value: Json | undefined): boolean => typeof value === "number" && Number.isInteger(value);

function textOf(part: JsonObject, is: StateFacts["is"]): string {
  const field = is === "question" ? "question" : is === "text" ? "chatText" : "content";
  return is === "choice-match" ? "" : (stringAt(part, field) ?? "");
}

function readItems(choices: Json | undefined): ItemFacts[] {
  if (!Array.isArray(choices)) return [];
  return choices.map((choice: Json) => {
    const content = (isObject(choice) && stringAt(choice, "content")) || "";
    const known = isObject(choice) && Object.keys(choice).every((key) => key === "itemId" || key === "content");
    return { id: known ? itemId(choice) : undefined, content, label: firstWords(plainText(content, "choice")) };
  });
}

/** A text on one line, at most 80 characters of it. */
export function firstWords(text: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  const cut = firstUnits(line, 80);
  return cut.length < line.length ? `${cut.trimEnd()}…` : line;
}

function stringAt(object: JsonObject, key: string): string | undefined {
  const value = own(object, key);
  return typeof value === "string" ? value : undefined;
}
