import type { ResponseMessage } from "@parley/shared/message";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import type { NackCode } from "@parley/shared/protocol/v1";
import { clientId, RECORD_VERSION, type ResponseRecord, type SetVariablesRecord } from "@parley/shared/record";
import type { Conversation } from "@parley/shared/session/conversation";
import { jsonBytes } from "@parley/shared/text";
import type { Limits } from "../config.js";
import { AppendError, type EventLog } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import type { Registry } from "../registry/registry.js";
import type { AddressBook } from "./address-book.js";
import type { Client } from "./client.js";
import type { Live } from "./live.js";

export type InboundContext = {
  readonly log: EventLog;
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly addresses: AddressBook;
  readonly limits: Limits | undefined;
  readonly now: () => number;
};

/** What a client sent: an answer, a start over, or the page's variables. */
export type Input = {
  readonly id: string;
  readonly re?: number;
  readonly message: ResponseMessage | { readonly kind: "SetVariables"; readonly values: Record<string, string> };
};

const BUSY_RETRY = 1000;

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
  if (under || conversation.has(id)) {
    context.metrics.repeats.inc();
    await under?.catch(() => undefined);
    if (!conversation.has(id) && under === undefined) return;
    acknowledge(client, input.id);
    const refused = conversation.refused.get(id);
    if (refused) live.refuse(client, id, refused);
    else live.senders.set(id, client);
    if (conversation.unfinished.every((other) => other.id !== id)) live.senders.delete(id);
    return;
  }
  const record = toRecord(context, live.sid, client.flow, conversation, id, input);
  const bytes = jsonBytes(record);
  if (context.limits && conversation.visitorRecords >= context.limits.recordsPerSession) {
    return refuse(context, client, input.id, "too-many");
  }
  const wait = context.addresses.store(client.address, bytes);
  if (wait > 0) return refuse(context, client, input.id, "rate-limited", wait);
  live.senders.set(id, client);
  if (client.protocol === "bare" && input.message.kind !== "ResetSession" && input.message.kind !== "SetVariables") {
    live.lastAsked.set(id, input.message);
  }
  const appended = context.log.append([record]);
  live.appending.set(id, appended);
  try {
    await appended;
    context.metrics.inputs.inc();
    context.metrics.appendSeconds.observe((context.now() - began) / 1000);
    acknowledge(client, input.id);
  } catch (error) {
    live.senders.delete(id);
    live.lastAsked.delete(id);
    const certain = error instanceof AppendError && error.code === "not-stored";
    if (certain && client.protocol === "v1") refuse(context, client, input.id, "busy", BUSY_RETRY);
    else client.close(CLOSE.tryAgain, BUSY_RETRY);
  } finally {
    live.appending.delete(id);
  }
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

function toRecord(
  context: InboundContext,
  sid: string,
  flow: string,
  conversation: Conversation,
  id: string,
  input: Input,
): ResponseRecord | SetVariablesRecord {
  const common = { v: RECORD_VERSION, sid, id, timestamp: new Date(context.now()).toISOString() };
  const message = input.message;
  if (message.kind === "SetVariables") return { ...common, payload: { kind: "Control", message }, by: "page" };
  return {
    ...common,
    payload: { kind: "Response", message: withItemText(conversation, message) },
    by: "visitor",
    ...(input.re !== undefined && { re: input.re }),
    ...(message.kind === "ResetSession" && context.registry.beginning(flow)),
  };
}

/** F4: the record keeps the item's own text; what the client said of it was not even read. */
function withItemText(conversation: Conversation, message: ResponseMessage): ResponseMessage {
  if (message.kind !== "ChoiceResponse") return message;
  const asked = conversation.asked(message)?.message;
  if (asked?.kind !== "ChoiceRequest") return message;
  const item = asked.choices.find((choice) => choice.itemId === message.itemId);
  return item ? { ...message, content: item.content } : message;
}
