import type { ResponseMessage } from "@parley/shared/message";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import type { NackCode } from "@parley/shared/protocol/v1";
import {
  clientId,
  MAX_RECORD_BYTES,
  RECORD_VERSION,
  type ResponseRecord,
  type SetVariablesRecord,
} from "@parley/shared/record";
import type { Conversation } from "@parley/shared/session/conversation";
import { jsonBytes } from "@parley/shared/text";
import type { Logger } from "pino";
import type { Limits } from "../config.js";
import { reached } from "../fault-points.js";
import { AppendError, type EventLog } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import type { Registry } from "../registry/registry.js";
import { messageSpan, type Span, type Tracer } from "../tracing/tracer.js";
import type { AddressBook } from "./address-book.js";
import type { Client } from "./client.js";
import type { Live } from "./live.js";

export type InboundContext = {
  readonly log: EventLog;
  readonly registry: Pick<Registry, "live" | "last" | "beginning">;
  readonly metrics: Metrics;
  readonly addresses: AddressBook;
  readonly limits: Limits | undefined;
  readonly now: () => number;
  readonly logger: Logger;
  readonly tracer?: Tracer | undefined;
  /** Which connection it is, in log lines. */
  readonly connection: (client: Client) => string;
};

/** What a client sent: an answer, a start over, or the page's variables. */
export type Input = {
  readonly id: string;
  readonly re?: number;
  readonly message: ResponseMessage | { readonly kind: "SetVariables"; readonly values: Record<string, string> };
};

const BUSY_RETRY = 1000;
/** UTF-16 units of a message whose record is far from the largest, and about the bytes of what stands around it. */
const SHORT = 500;
const AROUND = 350;

/**
 * Appends what a client sent and acknowledges it once it is durable. A repeat of an id changes nothing and gets the
 * same acknowledgement (P3). Nobody has judged it yet: the workflow does, and the log says what became of it.
 */
export async function take(context: InboundContext, client: Client, live: Live, input: Input): Promise<void> {
  const id = clientId(input.id);
  const began = context.now();
  const loaded = live.conversation();
  const conversation = loaded instanceof Promise ? await loaded : loaded;
  const under = live.appending.get(id);
  if (under !== undefined || conversation.has(id)) {
    return repeat(context, client, live, { id: input.id, under, conversation });
  }
  // Whoever has begun may finish a flow that was taken down, and not begin again.
  if (input.message.kind === "ResetSession" && !context.registry.live(client.flow)) {
    return client.close(CLOSE.notPublished);
  }
  const record = toRecord(context, live.sid, client.flow, conversation, id, input);
  const bytes = recordBytes(record, input.message);
  const unwanted = notAllowed(context, client.flow, conversation, input.message);
  if (unwanted !== undefined) return refuse(context, client, input.id, unwanted);
  if (bytes > MAX_RECORD_BYTES) return refuse(context, client, input.id, "too-large");
  const wait = context.addresses.store(client.address, bytes);
  if (wait > 0) return refuse(context, client, input.id, "rate-limited", wait);
  const { message } = input;
  const answer = client.protocol === "bare" && message.kind !== "ResetSession" && message.kind !== "SetVariables";
  live.senders.set(id, answer ? { client, at: began, answer: message } : { client, at: began });
  reached("before append");
  const spans = context.tracer && beginSpans(context, context.tracer, client, record);
  const appended = context.log.append([record]);
  live.appending.set(id, appended);
  try {
    await appended;
    context.metrics.inputs.inc();
    context.metrics.appendSeconds.observe((context.now() - began) / 1000);
    reached("before ack");
    spans?.append.end();
    acknowledge(client, input.id);
    spans?.message.end();
    if (context.logger.isLevelEnabled("debug")) tellTaken(context, client, record, spans?.message);
  } catch (error) {
    const failed = error instanceof AppendError ? error.code : "unknown";
    spans?.append.end({ failed });
    spans?.message.end({ failed });
    live.senders.delete(id);
    notStored(context, client, input.id, error);
  } finally {
    live.appending.delete(id);
  }
}

type Taken = ResponseRecord | SetVariablesRecord;

/** From a message's arrival to its acknowledgement, and in it the append. */
function beginSpans(context: InboundContext, tracer: Tracer, client: Client, { sid, id, payload }: Taken) {
  const attributes = {
    "parley.sid": sid,
    "parley.flow": client.flow,
    "parley.message": payload.message.kind,
    "parley.partition": context.log.partitionOf(sid),
    "parley.connection": context.connection(client),
  };
  const message = tracer.begin("message", { kind: "server", as: messageSpan(sid, id), attributes });
  return { message, append: tracer.begin("append", { parent: message.ref }) };
}

function tellTaken(context: InboundContext, client: Client, { sid, id }: Taken, span: Span | undefined): void {
  const traceId = span?.ref.traceId;
  context.logger.debug({ conn: context.connection(client), sid, record: id, traceId }, "a message was taken");
}

/** What the server's limits, or the flow's settings as they are live now, say against a message. */
function notAllowed(
  { limits, registry }: InboundContext,
  flow: string,
  { visitorRecords }: Conversation,
  message: Input["message"],
): NackCode | undefined {
  const settings = registry.last(flow)?.settings;
  const own = settings?.limits;
  if (limits && visitorRecords >= limits.recordsPerSession) return "too-many";
  if (own?.messages !== undefined && visitorRecords >= own.messages) return "too-many";
  if (message.kind === "SetVariables") {
    const declared = settings?.variables ?? [];
    return Object.keys(message.values).every((name) => declared.includes(name)) ? undefined : "not-declared";
  }
  const tooLong = own?.text !== undefined && message.kind === "UserText" && message.content.length > own.text;
  return tooLong ? "too-long" : undefined;
}

/** The same id again: changes nothing, and is acknowledged once the first is durable, as that one was. */
async function repeat(
  context: InboundContext,
  client: Client,
  live: Live,
  first: { id: string; under: Promise<void> | undefined; conversation: Conversation },
): Promise<void> {
  const { id, under, conversation } = first;
  context.metrics.repeats.inc();
  try {
    await under;
  } catch (error) {
    return notStored(context, client, id, error);
  }
  acknowledge(client, id);
  const record = clientId(id);
  const refused = conversation.refused.get(record);
  if (refused) live.refuse({ client }, record, refused);
  else if (!conversation.has(record) || conversation.unfinished.some((input) => input.id === record)) {
    live.senders.set(record, { client });
  }
}

/** What failed for certain is sent again on this socket; what may be stored, after coming back. */
function notStored(context: InboundContext, client: Client, id: string, error: unknown): void {
  const code = error instanceof AppendError ? error.code : "unknown";
  if (code === "erased") client.close(CLOSE.erased);
  else if (code === "not-stored" && client.protocol === "v1") refuse(context, client, id, "busy", BUSY_RETRY);
  else client.close(CLOSE.tryAgain, BUSY_RETRY);
}

function acknowledge(client: Client, id: string): void {
  if (client.protocol === "v1") client.send({ kind: "Ack", id });
}

/** Says that a message was not taken; the bare protocol has no word for it. */
export function refuse(context: InboundContext, client: Client, id: string, code: NackCode, retryAfter?: number): void {
  context.metrics.refusals.inc({ reason: code });
  if (client.protocol === "v1")
    client.send({ kind: "Nack", id, code, ...(retryAfter !== undefined && { retryAfter }) });
}

/** A record's size as JSON; of a short one nearly, since this stands in the path of every frame. */
function recordBytes(record: ResponseRecord | SetVariablesRecord, message: Input["message"]): number {
  let units = SHORT;
  if (message.kind === "ChoiceResponse") units = message.groupId.length + message.itemId.length;
  else if (message.kind === "UserText") units = message.sessionId.length + message.content.length;
  return units < SHORT ? AROUND + units : jsonBytes(record);
}

function toRecord(
  context: InboundContext,
  sid: string,
  flow: string,
  conversation: Conversation,
  id: string,
  input: Input,
): ResponseRecord | SetVariablesRecord {
  const v = RECORD_VERSION;
  const timestamp = new Date(context.now()).toISOString();
  const { message, re } = input;
  if (message.kind === "SetVariables") {
    return { v, sid, id, timestamp, payload: { kind: "Control", message }, by: "page" };
  }
  const payload = { kind: "Response", message: withItemText(conversation, message) } as const;
  const by = "visitor";
  if (message.kind === "ResetSession") {
    return { v, sid, id, timestamp, payload, by, ...(re !== undefined && { re }), ...context.registry.beginning(flow) };
  }
  // The usual ones without spreads, which would give each record a shape of its own and make whoever reads it slow.
  return re === undefined ? { v, sid, id, timestamp, payload, by } : { v, sid, id, timestamp, payload, by, re };
}

/** F4: the record keeps the item's own text; what the client said of it was not even read. */
function withItemText(conversation: Conversation, message: ResponseMessage): ResponseMessage {
  if (message.kind !== "ChoiceResponse") return message;
  const asked = conversation.asked(message)?.message;
  if (asked?.kind !== "ChoiceRequest") return message;
  const item = asked.choices.find((choice) => choice.itemId === message.itemId);
  const { kind, groupId, itemId } = message;
  return item ? { kind, groupId, itemId, content: item.content } : message;
}
