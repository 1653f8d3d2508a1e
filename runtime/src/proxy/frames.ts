import type { ResponseMessage } from "@parley/shared/message";
import { LIMITS } from "@parley/shared/protocol/limits";
import { CLIENT_ID, type ClientFrame, type NackCode } from "@parley/shared/protocol/v1";
import { jsonBytes, utf8Length } from "@parley/shared/text";

/** A frame that is not taken: of which message (empty when it has no id), and why. */
export type BadFrame = { readonly bad: NackCode; readonly id: string };

type Json = Record<string, unknown>;

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined; // Not JSON is answered like any wrong shape; there is nothing to add to it.
  }
}

/** Bytes of a visitor's text as JSON. */
type Bounds = { readonly textBytes: number };

/** Reads a frame of the bare protocol. Unknown fields are left out. */
export function readBareFrame(text: string, bounds: Bounds = LIMITS): ResponseMessage | BadFrame {
  const frame = parseObject(text);
  return frame ? readMessage(frame, "", bounds) : { bad: "bad-message", id: "" };
}

/** Reads a frame of `parley.v1`. */
export function readFrame(text: string, bounds: Bounds = LIMITS): ClientFrame | BadFrame {
  const frame = parseObject(text);
  if (!frame) return { bad: "bad-message", id: "" };
  const id = typeof frame.id === "string" && CLIENT_ID.test(frame.id) ? frame.id : "";
  const bad: BadFrame = { bad: "bad-message", id };
  switch (frame.kind) {
    case "Hello":
      return readHello(frame) ?? bad;
    case "Identify":
      return id && typeof frame.jwt === "string" ? { kind: "Identify", id, jwt: frame.jwt } : bad;
    case "SignOut":
      return typeof frame.token === "string" ? { kind: "SignOut", token: frame.token } : bad;
    case "Typing":
    case "Ping":
      return { kind: frame.kind };
    case "Send": {
      if (!id || !isObject(frame.message)) return bad;
      if (frame.re !== undefined && !Number.isSafeInteger(frame.re)) return bad;
      const message = readMessage(frame.message, id, bounds);
      if ("bad" in message) return message;
      return { kind: "Send", id, message, ...(frame.re !== undefined && { re: frame.re as number }) };
    }
    case "SetVariables":
      return readVariables(frame, id);
    default:
      return bad;
  }
}

function readHello(frame: Json): ClientFrame | undefined {
  const { token, after, page, jwt, ticket } = frame;
  if (jwt !== undefined && typeof jwt !== "string") return undefined;
  if (token !== undefined && typeof token !== "string") return undefined;
  if (after !== undefined) {
    if (!isObject(after) || !Number.isSafeInteger(after.seq) || typeof after.id !== "string") return undefined;
  }
  const place = after as { seq: number; id: string } | undefined;
  return {
    kind: "Hello",
    ...(token !== undefined && { token }),
    ...(place && { after: { seq: place.seq, id: place.id } }),
    ...(typeof page === "string" && { page }),
    ...(jwt !== undefined && { jwt }),
    ...(typeof ticket === "string" && { ticket }),
  };
}

function readMessage(message: Json, id: string, bounds: Bounds): ResponseMessage | BadFrame {
  const bad: BadFrame = { bad: "bad-message", id };
  switch (message.kind) {
    case "ResetSession":
      return { kind: "ResetSession" };
    case "ChoiceResponse": {
      const groupId = readId(message.groupId);
      const itemId = readId(message.itemId);
      return groupId === undefined || itemId === undefined ? bad : { kind: "ChoiceResponse", groupId, itemId };
    }
    case "UserText": {
      const sessionId = readId(message.sessionId);
      if (sessionId === undefined || typeof message.content !== "string") return bad;
      if (jsonBytes(message.content) > bounds.textBytes) return { bad: "too-long", id };
      return { kind: "UserText", sessionId, content: message.content };
    }
    default:
      return bad;
  }
}

/** Existing flows and clients mix "1" and 1. */
function readId(value: unknown): string | undefined {
  const id = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  return typeof id === "string" && id !== "" && utf8Length(id) <= LIMITS.idBytes ? id : undefined;
}

function readVariables(frame: Json, id: string): ClientFrame | BadFrame {
  const bad: BadFrame = { bad: "bad-message", id };
  if (!id || !isObject(frame.values)) return bad;
  const entries = Object.entries(frame.values);
  if (entries.length > LIMITS.variables) return { bad: "too-large", id };
  for (const [name, value] of entries) {
    if (typeof value !== "string" || name === "" || name === "__proto__" || utf8Length(name) > 100) return bad;
    if (utf8Length(value) > LIMITS.variableBytes) return { bad: "too-long", id };
  }
  const values = Object.fromEntries(entries as [string, string][]);
  return jsonBytes(values) > 8 * 1024 ? { bad: "too-large", id } : { kind: "SetVariables", id, values };
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
