import { OUTCOMES, type Outcome } from "../message.js";
import { comparableText, readId } from "../text.js";
import type { Path } from "./pointer.js";
import type { MATCH_KINDS, REQUEST_KINDS } from "./schema.js";

/** A text that a request shows. Only `chatPrompt` is plain; the others are rich text. */
export type TextField = {
  /** Its name, and the item it belongs to. */
  readonly field: string;
  readonly item: number | undefined;
  readonly source: string;
  readonly role: "content" | "question" | "item" | "chatText" | "chatPrompt";
};
export type Item = {
  readonly id: string;
  readonly index: number;
  /** Its own words here; another request may offer the same answer in others. */
  readonly text: string | undefined;
  readonly answer: Answer;
};

/** All that the file says of one `groupId`. */
export type Group = {
  readonly id: string;
  readonly requests: ModelState[];
  readonly matches: ModelState[];
  readonly answers: Map<string, Answer>;
};
/** All that the file says of one `sessionId`. */
export type Chat = {
  readonly id: string;
  readonly starts: ModelState[];
  readonly ends: ModelState[];
  readonly answer: Answer;
};
/** All that the file says of one `handOffId`. */
export type HandOff = {
  readonly id: string;
  readonly requests: ModelState[];
  readonly matches: ModelState[];
  readonly answers: Map<Outcome, Answer>;
};
/** One thing that can follow: the visitor picks an item of a group or types into a chat session, or a hand-off ends. */
export type Answer = {
  readonly index: number;
  /** The `itemId`, the `sessionId`, or how the hand-off ended. */
  readonly id: string;
  /** The group of an item; undefined for a text and for the end of a hand-off. */
  readonly group: Group | undefined;
  /** The hand-off that ends so. */
  readonly handOff: HandOff | undefined;
  readonly openers: ModelState[];
  readonly matches: ModelState[];
  /** The item's own words, as its first request has them. */
  text?: string | undefined;
  /** Where the first request that offers it does so: the index among its choices. */
  choice?: number;
};

/** A state as far as it can be read; what is malformed in it is absent here. */
export type ModelState = {
  readonly index: number;
  readonly name: string;
  /** The request as it stands in the file. */
  readonly request: unknown;
  readonly next: string | undefined;
  /** It has a `next`, if only one that cannot be read. */
  readonly goesOn: boolean;
  /** Where `next` leads; -1 when it is absent, names no state, or stands where it has no effect. */
  target: number;
  texts: readonly TextField[];
  /** Where ids are numbers. */
  numbers: Path[];
  group?: Group;
  items?: readonly Item[];
  starts?: Chat;
  ends?: Chat;
  handOff?: HandOff;
  /** How the hand-off that it opens can end. */
  outcomes?: readonly Answer[];
  matches?: Answer;
  /** The `content` of a `UserText` match. */
  expected?: string;
  /** Neither a request nor a match could be read. */
  broken: boolean;
};

export type Model = {
  readonly states: readonly ModelState[];
  readonly byName: ReadonlyMap<string, ModelState>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly chats: ReadonlyMap<string, Chat>;
  readonly handOffs: ReadonlyMap<string, HandOff>;
  readonly answers: readonly Answer[];
};

type Fields = { readonly [field: string]: unknown };
type Builder = {
  groups: Map<string, Group>;
  chats: Map<string, Chat>;
  handOffs: Map<string, HandOff>;
  answers: Answer[];
};
type Part = { readonly fields: Fields; readonly key: string; readonly state: ModelState; readonly to: Builder };
type Reader = (part: Part) => boolean;

/** Reads a flow as far as it goes, so that an error in one state hides nothing in another. Linear. */
export function readModel(flow: Fields): Model {
  const to: Builder = { groups: new Map(), chats: new Map(), handOffs: new Map(), answers: [] };
  const states: ModelState[] = [];
  const byName = new Map<string, ModelState>();
  for (const name of Object.keys(flow)) {
    if (name === "$schema") continue;
    const value = flow[name];
    const fields = isFields(value) ? value : {};
    const next = own(fields, "next");
    const state: ModelState = {
      index: states.length,
      name,
      request: own(fields, "sendRequest"),
      next: typeof next === "string" ? next : undefined,
      goesOn: next !== undefined,
      target: -1,
      texts: NONE,
      numbers: NONE,
      broken: true,
    };
    read(REQUEST_READERS, "sendRequest", state.request, state, to);
    read(MATCH_READERS, "matchResponse", own(fields, "matchResponse"), state, to);
    states.push(state);
    byName.set(name, state);
  }
  for (const state of states) {
    // The flow waits at a hand-off, whatever the file says.
    if (state.next !== undefined && !state.handOff) state.target = byName.get(state.next)?.index ?? -1;
  }
  const { groups, chats, handOffs, answers } = to;
  return { states, byName, groups, chats, handOffs, answers };
}

/** Most states have none: one empty list for all of them. */
const NONE: never[] = [];

function read(
  readers: ReadonlyMap<string, Reader>,
  key: string,
  fields: unknown,
  state: ModelState,
  to: Builder,
): void {
  if (!isFields(fields)) return;
  const kind = own(fields, "kind");
  const reader = typeof kind === "string" ? readers.get(kind) : undefined;
  if (reader?.({ fields, key, state, to })) state.broken = false;
}

/** What each kind opens, closes, matches and says. False: an id is missing, so the state has no part in the conversation. */
const REQUEST_READERS: ReadonlyMap<string, Reader> = table<keyof typeof REQUEST_KINDS>({
  BotText(part) {
    text(part, "content");
    return true;
  },
  ChoiceRequest(part) {
    text(part, "question");
    const groupId = id(part, "groupId");
    if (groupId === undefined) return false;
    const group = groupOf(part.to, groupId);
    group.requests.push(part.state);
    part.state.group = group;
    items(part, group);
    return true;
  },
  StartChatSession(part) {
    text(part, "chatText");
    text(part, "chatPrompt");
    const sessionId = id(part, "sessionId");
    if (sessionId === undefined) return false;
    const chat = chatOf(part.to, sessionId);
    chat.starts.push(part.state);
    chat.answer.openers.push(part.state);
    part.state.starts = chat;
    return true;
  },
  EndChatSession(part) {
    const sessionId = id(part, "sessionId");
    if (sessionId === undefined) return false;
    const chat = chatOf(part.to, sessionId);
    chat.ends.push(part.state);
    part.state.ends = chat;
    return true;
  },
  HandOff(part) {
    text(part, "content");
    const handOffId = id(part, "handOffId");
    if (handOffId === undefined) return false;
    const handOff = handOffOf(part.to, handOffId);
    handOff.requests.push(part.state);
    part.state.handOff = handOff;
    const timed = own(part.fields, "timeout") !== undefined;
    const outcomes = OUTCOMES.filter((outcome) => timed || outcome !== "timeout");
    part.state.outcomes = outcomes.map((outcome) => outcomeOf(part.to, handOff, outcome));
    for (const answer of part.state.outcomes) answer.openers.push(part.state);
    return true;
  },
});

const MATCH_READERS: ReadonlyMap<string, Reader> = table<keyof typeof MATCH_KINDS>({
  ChoiceResponse(part) {
    const groupId = id(part, "groupId");
    const itemId = id(part, "itemId");
    if (groupId === undefined || itemId === undefined) return false;
    const group = groupOf(part.to, groupId);
    group.matches.push(part.state);
    return matched(part.state, itemOf(part.to, group, itemId));
  },
  UserText(part) {
    const content = own(part.fields, "content");
    if (typeof content === "string") part.state.expected = content;
    const sessionId = id(part, "sessionId");
    return sessionId !== undefined && matched(part.state, chatOf(part.to, sessionId).answer);
  },
  HandOffResult(part) {
    const handOffId = id(part, "handOffId");
    const outcome = OUTCOMES.find((one) => one === own(part.fields, "outcome"));
    if (handOffId === undefined || outcome === undefined) return false;
    const handOff = handOffOf(part.to, handOffId);
    handOff.matches.push(part.state);
    return matched(part.state, outcomeOf(part.to, handOff, outcome));
  },
});

/** One reader for each kind of the schema: a kind that is added there is missed by the compiler here. */
function table<Kind extends string>(readers: Record<Kind, Reader>): ReadonlyMap<string, Reader> {
  return new Map(Object.entries(readers));
}

function matched(state: ModelState, answer: Answer): boolean {
  answer.matches.push(state);
  state.matches = answer;
  return true;
}

function items(part: Part, group: Group): void {
  const choices = own(part.fields, "choices");
  if (!Array.isArray(choices)) return;
  const found: Item[] = [];
  const texts = [...part.state.texts];
  for (let index = 0; index < choices.length; index++) {
    const value: unknown = choices[index];
    if (!isFields(value)) continue;
    const content = own(value, "content");
    const text = typeof content === "string" ? content : undefined;
    if (text !== undefined) texts.push({ field: "content", item: index, source: text, role: "item" });
    const itemId = idOf(own(value, "itemId"));
    if (itemId === undefined) continue;
    if (typeof value.itemId === "number") addNumber(part.state, [part.key, "choices", index, "itemId"]);
    const answer = itemOf(part.to, group, itemId);
    // The same item twice in a question is a finding of its own.
    if (answer.openers.at(-1) !== part.state) answer.openers.push(part.state);
    answer.choice ??= index;
    if (text !== undefined) answer.text ??= text;
    found.push({ id: itemId, index, text, answer });
  }
  part.state.items = found;
  part.state.texts = texts;
}

function text(part: Part, field: Exclude<TextField["role"], "item">): void {
  const source = own(part.fields, field);
  if (typeof source !== "string") return;
  part.state.texts = [...part.state.texts, { field, item: undefined, source, role: field }];
}

function id(part: Part, field: string): string | undefined {
  const value = own(part.fields, field);
  const read = idOf(value);
  if (read !== undefined && typeof value === "number") addNumber(part.state, [part.key, field]);
  return read;
}

function idOf(value: unknown): string | undefined {
  const isId = typeof value === "number" ? Number.isFinite(value) : typeof value === "string" && value !== "";
  return isId ? readId(value as string | number) : undefined;
}

function addNumber(state: ModelState, path: Path): void {
  if (state.numbers === NONE) state.numbers = [path];
  else state.numbers.push(path);
}

/** Where a text of a request is in its state. */
export const pathOf = ({ field, item }: TextField): Path =>
  item === undefined ? ["sendRequest", field] : ["sendRequest", "choices", item, field];

function groupOf(to: Builder, groupId: string): Group {
  let group = to.groups.get(groupId);
  if (!group) {
    group = { id: groupId, requests: [], matches: [], answers: new Map() };
    to.groups.set(groupId, group);
  }
  return group;
}

function itemOf(to: Builder, group: Group, itemId: string): Answer {
  let answer = group.answers.get(itemId);
  if (!answer) {
    answer = newAnswer(to, itemId, { group });
    group.answers.set(itemId, answer);
  }
  return answer;
}

function chatOf(to: Builder, sessionId: string): Chat {
  let chat = to.chats.get(sessionId);
  if (!chat) {
    chat = { id: sessionId, starts: [], ends: [], answer: newAnswer(to, sessionId, {}) };
    to.chats.set(sessionId, chat);
  }
  return chat;
}

function handOffOf(to: Builder, id: string): HandOff {
  let handOff = to.handOffs.get(id);
  if (!handOff) {
    handOff = { id, requests: [], matches: [], answers: new Map() };
    to.handOffs.set(id, handOff);
  }
  return handOff;
}

function outcomeOf(to: Builder, handOff: HandOff, outcome: Outcome): Answer {
  let answer = handOff.answers.get(outcome);
  if (!answer) {
    answer = newAnswer(to, outcome, { handOff });
    handOff.answers.set(outcome, answer);
  }
  return answer;
}

function newAnswer(to: Builder, id: string, of: { group?: Group; handOff?: HandOff }): Answer {
  const { group, handOff } = of;
  const answer: Answer = { index: to.answers.length, id, group, handOff, openers: [], matches: [] };
  to.answers.push(answer);
  return answer;
}

/** The text by which two `UserText` matches are told apart; undefined for "any other text". */
export const expectedKey = (state: ModelState): string | undefined =>
  state.expected === undefined ? undefined : comparableText(state.expected);

const own = (fields: Fields, name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
