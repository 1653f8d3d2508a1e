import { readId } from "../text.js";
import { isObject, type Json, type JsonObject, own } from "./json.js";
import { tagEnd } from "./rich-text.js";

/** What the names and ids in a state become. A function gives the name it was given when that stays. */
export type Renaming = {
  readonly state?: (name: string) => string;
  readonly group?: (id: string) => string;
  /** Of chat sessions and of hand-offs. */
  readonly chat?: (id: string) => string;
  readonly item?: (group: string, id: string) => string;
  /** Ids in `{{id}}`. */
  readonly answer?: (id: string) => string;
};

/** An id as the format reads it; undefined for what is none. */
export function idOf(value: Json | undefined): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? readId(value) : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The id of a choice as the format reads it. */
export const itemId = (element: Json | undefined): string | undefined =>
  isObject(element) ? idOf(own(element, "itemId")) : undefined;

/** The fields of a request that hold text, and whether it is rich. */
const TEXTS: Readonly<Record<string, boolean>> = { content: true, question: true, chatText: true, chatPrompt: false };

/** A state with its names and ids renamed. What does not change is shared; what is malformed stays as it is. */
export function renameReferences(state: Json, to: Renaming): Json {
  if (!isObject(state)) return state;
  let renamed = state;
  const next = own(state, "next");
  if (to.state && typeof next === "string") renamed = withField(renamed, "next", to.state(next));
  const request = own(state, "sendRequest");
  if (isObject(request)) renamed = withField(renamed, "sendRequest", renameIn(request, to));
  const match = own(state, "matchResponse");
  if (isObject(match)) renamed = withField(renamed, "matchResponse", renameIn(match, to));
  return renamed;
}

function renameIn(part: JsonObject, to: Renaming): JsonObject {
  const group = idOf(own(part, "groupId"));
  const chat = idOf(own(part, "sessionId"));
  const handOff = idOf(own(part, "handOffId"));
  const item = idOf(own(part, "itemId"));
  const choices = own(part, "choices");
  let renamed = part;
  if (group !== undefined && to.group) renamed = withId(renamed, "groupId", group, to.group(group));
  if (chat !== undefined && to.chat) renamed = withId(renamed, "sessionId", chat, to.chat(chat));
  // A hand-off is a chat session to whoever reads it: they share one room of names.
  if (handOff !== undefined && to.chat) renamed = withId(renamed, "handOffId", handOff, to.chat(handOff));
  if (group !== undefined && item !== undefined && to.item) {
    renamed = withId(renamed, "itemId", item, to.item(group, item));
  }
  if (Array.isArray(choices)) renamed = withField(renamed, "choices", renameChoices(choices, group, to));
  // The `content` of a match is compared or a remark, and never filled in.
  const isRequest = own(part, "kind") !== "UserText" && own(part, "kind") !== "ChoiceResponse";
  return to.answer && isRequest ? renameTexts(renamed, to.answer) : renamed;
}

function renameChoices(choices: readonly Json[], group: string | undefined, to: Renaming): readonly Json[] {
  const renamed = choices.map((choice) => {
    if (!isObject(choice)) return choice;
    const item = idOf(own(choice, "itemId"));
    const { item: rename, answer } = to;
    const named =
      group !== undefined && item !== undefined && rename
        ? withId(choice, "itemId", item, rename(group, item))
        : choice;
    return answer ? renameTexts(named, answer) : named;
  });
  return renamed.every((choice, i) => choice === choices[i]) ? choices : renamed;
}

function renameTexts(part: JsonObject, rename: (id: string) => string): JsonObject {
  let renamed = part;
  for (const [field, rich] of Object.entries(TEXTS)) {
    const text = own(part, field);
    if (typeof text === "string" && text.includes("{{")) {
      renamed = withField(renamed, field, renamePlaceholders(text, rich, rename));
    }
  }
  return renamed;
}

/** Renames the ids of `{{id}}` and `{{id|fallback}}` in a text (F12); inside a tag of a rich text there are none. */
function renamePlaceholders(source: string, rich: boolean, rename: (id: string) => string): string {
  const inText = (text: string) =>
    text.replace(/\{\{(\s*)([^{}|]*?)(\s*)(\|[^{}]*)?\}\}/g, (whole, before, id: string, after, fallback = "") => {
      const to = id === "" ? id : rename(id);
      return to === id ? whole : `{{${before}${to}${after}${fallback}}}`;
    });
  if (!rich) return inText(source);
  let out = "";
  let done = 0;
  for (let at = source.indexOf("<"); at >= 0; at = source.indexOf("<", at)) {
    const end = tagEnd(source, at);
    if (end === undefined) at += 1;
    else {
      out += inText(source.slice(done, at)) + source.slice(at, end);
      at = done = end;
    }
  }
  return out + inText(source.slice(done));
}

const withId = (object: JsonObject, key: string, from: string, to: string): JsonObject =>
  from === to ? object : { ...object, [key]: to };

function withField(object: JsonObject, key: string, value: Json): JsonObject {
  return object[key] === value ? object : { ...object, [key]: value };
}
