import { type CheckOptions, check } from "../flow/check.js";
import type { Finding, FindingCode } from "../flow/finding.js";

/** The states of a flow in short, for tests of the check. What they hold is not looked at: broken ones are made by it too. */
type State = { readonly [field: string]: unknown };

const request = (kind: string, fields: object, next?: unknown): State => ({
  sendRequest: { kind, ...fields },
  ...(next !== undefined && { next }),
});
const match = (kind: string, fields: object, next?: unknown): State => ({
  matchResponse: { kind, ...fields },
  ...(next !== undefined && { next }),
});

export const say = (content: unknown, next?: unknown): State => request("BotText", { content }, next);

/** A question `<groupId>?`; each item says its id in capitals. */
export const ask = (groupId: unknown, items: readonly unknown[], next?: unknown): State =>
  request("ChoiceRequest", { groupId, question: `${groupId}?`, choices: items.map(item) }, next);
export const item = (itemId: unknown) => ({ itemId, content: String(itemId).toUpperCase() });

export const openChat = (sessionId: unknown, next?: unknown): State =>
  request("StartChatSession", { sessionId, chatText: `${sessionId}?` }, next);
export const closeChat = (sessionId: unknown, next?: unknown): State => request("EndChatSession", { sessionId }, next);

export const picked = (groupId: unknown, itemId: unknown, next?: unknown): State =>
  match("ChoiceResponse", { groupId, itemId }, next);
export const typed = (sessionId: unknown, next?: unknown, content?: unknown): State =>
  match("UserText", { sessionId, ...(content !== undefined && { content }) }, next);

/** The codes of what check finds, in its order. */
export const codesOf = (flow: unknown, options?: CheckOptions): FindingCode[] =>
  check(flow, options).map((finding) => finding.code);

/** What check finds of one code. */
export const foundIn = (flow: unknown, code: FindingCode, options?: CheckOptions): Finding[] =>
  check(flow, options).filter((finding) => finding.code === code);

/** The states that findings of one code are in. */
export const statesOf = (flow: unknown, code: FindingCode, options?: CheckOptions): (string | undefined)[] =>
  foundIn(flow, code, options).map((finding) => finding.state);
