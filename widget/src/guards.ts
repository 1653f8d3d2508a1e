import type { ChoiceItem, Message, RefusalCode } from "@parley/shared/message";
import type { MessageFrame, Nack, NackCode, Send, ServerFrame } from "@parley/shared/protocol/v1";
import { CLIENT_ID } from "@parley/shared/protocol/v1";

/** A message of a kind this widget does not know keeps its place in the numbering and is not drawn. */
export type Incoming =
  | Exclude<ServerFrame, MessageFrame>
  | (Omit<MessageFrame, "message"> & { readonly message: Message | undefined });
/** What came: a frame, a kind from a newer server (ignored), or something of the wrong shape (reported). */
export type Parsed = { readonly frame: Incoming } | { readonly unknown: string } | { readonly wrong: string };

type Fields = { readonly [key: string]: unknown };
const REFUSALS: ReadonlySet<unknown> = new Set<RefusalCode>(["stale", "no-match", "paused"]);

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
/** Of no other form becomes an address. */
const isPicture = (value: unknown): value is string =>
  isText(value) && /^[0-9a-f]{64}\.(png|jpeg|gif|webp)$/.test(value);
const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isOptionalText = (value: unknown) => value === undefined || isText(value);
const isChoice = (value: unknown): value is ChoiceItem =>
  isFields(value) && isText(value.itemId) && isText(value.content);

/** `undefined`: a kind not known; `null`: a known kind of the wrong shape. */
function parseMessage(value: unknown): Message | undefined | null {
  if (!isFields(value) || !isText(value.kind)) return null;
  const { kind, groupId, itemId, sessionId, content } = value;
  switch (kind) {
    case "BotText":
      return isText(content) ? { kind, content } : null;
    case "ChoiceRequest": {
      const { question, choices } = value;
      if (!isText(groupId) || !isText(question) || !Array.isArray(choices) || !choices.every(isChoice)) return null;
      return { kind, groupId, question, choices };
    }
    case "StartChatSession": {
      const { chatPrompt, chatText } = value;
      if (!isText(sessionId) || !isOptionalText(chatPrompt) || !isOptionalText(chatText)) return null;
      return { kind, sessionId, ...(isText(chatPrompt) && { chatPrompt }), ...(isText(chatText) && { chatText }) };
    }
    case "EndChatSession":
      return isText(sessionId) ? { kind, sessionId } : null;
    case "ChoiceResponse":
      if (!isText(groupId) || !isText(itemId) || !isOptionalText(content)) return null;
      return { kind, groupId, itemId, ...(isText(content) && { content }) };
    case "UserText":
      return isText(sessionId) && isText(content) ? { kind, sessionId, content } : null;
    case "ResetSession":
      return { kind };
    default:
      return undefined;
  }
}

function parseKnown(value: Fields): Incoming | undefined | null {
  const { kind, id, seq } = value;
  switch (kind) {
    case "Welcome": {
      const { sid, token, flow, latest } = value;
      if (!isText(sid) || !isText(token) || !isFields(flow) || !isText(flow.id) || !isSeq(latest)) return null;
      const appearance = isFields(flow.appearance) ? flow.appearance : {};
      return { kind, sid, token, latest, flow: { id: flow.id, version: Number(flow.version) || 0, appearance } };
    }
    case "Message": {
      const message = parseMessage(value.message);
      if (!isSeq(seq) || !isText(id) || message === null) return null;
      const at = isText(value.at) ? value.at : "";
      return {
        kind,
        seq,
        id,
        at,
        message,
        ...(isText(value.by) && { by: value.by }),
        ...(isPicture(value.picture) && { picture: value.picture }),
      };
    }
    case "Ack":
      return isText(id) ? { kind, id } : null;
    case "Nack": {
      const { code, retryAfter } = value;
      if (!isText(id) || !isText(code)) return null;
      const nack: Nack = { kind, id, code: code as NackCode };
      return isSeq(retryAfter) ? { ...nack, retryAfter } : nack;
    }
    case "Refused":
      return isText(id) && REFUSALS.has(value.code) ? { kind, id, code: value.code as RefusalCode } : null;
    case "Turn":
      return isText(value.of) ? { kind, of: value.of, ended: value.ended === true } : null;
    case "Resync":
      return value.live === false ? { kind, live: false } : { kind };
    case "Typing":
      return isText(value.by) ? { kind, by: value.by } : null;
    case "Pong":
      return { kind };
    default:
      return undefined;
  }
}

/** Reads one frame from the wire. Never throws; nothing of the result is unchecked but the appearance's values. */
export function parseFrame(data: unknown): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(String(data));
  } catch {
    return { wrong: "a frame that is not JSON" };
  }
  if (!isFields(value) || !isText(value.kind)) return { wrong: "a frame without a kind" };
  const frame = parseKnown(value);
  if (frame === null) return { wrong: `a ${value.kind} of the wrong shape` };
  return frame ? { frame } : { unknown: value.kind };
}

/** Whether a stored message may be sent again. */
export function isSend(value: unknown): value is Send {
  if (!isFields(value) || value.kind !== "Send" || !isText(value.id) || !CLIENT_ID.test(value.id)) return false;
  if (value.re !== undefined && !isSeq(value.re)) return false;
  const message = parseMessage(value.message);
  return message?.kind === "ChoiceResponse" || message?.kind === "UserText" || message?.kind === "ResetSession";
}

/** A client's own id, also where it comes as the record's id (`c.<id>`); any other id as it is. */
export const clientId = (id: string): string => (id.startsWith("c.") ? id.slice(2) : id);
