import { createHash } from "node:crypto";
import { idOfClient } from "@parley/shared/record";

/** Which span: 32 and 16 hex digits. `sampled`: whoever began the trace has decided; absent: its id decides, alike everywhere. */
export type SpanRef = { readonly traceId: string; readonly spanId: string; readonly sampled?: boolean };
/** Numbers, codes and ids of ours: never what a visitor wrote, and no token. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

export type Beginning = {
  readonly kind?: "server" | "client";
  /** Under which span it stands; absent: a trace of its own. */
  readonly parent?: SpanRef | undefined;
  /** The ids it has, where another process has to know them. */
  readonly as?: SpanRef;
  readonly attributes?: Attributes;
};
export interface Span {
  readonly ref: SpanRef;
  /** @param failed a code, when it did */
  end(outcome?: { readonly name?: string; readonly failed?: string; readonly attributes?: Attributes }): void;
}

/** Where spans go, if anywhere: without one nothing is traced, and nothing of it is loaded. */
export interface Tracer {
  begin(name: string, beginning?: Beginning): Span;
  /** Sends what waits, and gives up after some time. Never rejects. */
  close(): Promise<void>;
}

/**
 * The span of a visitor's message, the root of its trace. Made of session and record, so that whoever steps or delivers
 * it, in whatever process, adds to the same trace, and the log need not carry a word of it.
 */
export function messageSpan(sid: string, record: string): SpanRef {
  const hash = createHash("sha256").update(`${sid} ${record}`).digest("hex");
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) };
}

/** Begins a span of what a record leads to: under the visitor's message that it is, or as the root of what nobody sent. */
export function beginBehind(tracer: Tracer, name: string, sid: string, record: string, attributes: Attributes): Span {
  const ref = messageSpan(sid, record);
  const place = idOfClient(record) === undefined ? { as: ref } : { parent: ref };
  return tracer.begin(name, { ...place, attributes: { "parley.sid": sid, ...attributes } });
}

/** What a `traceparent` header of W3C Trace Context names; undefined when it is none. */
export function readTraceparent(header: string | string[] | undefined): SpanRef | undefined {
  if (typeof header !== "string") return undefined;
  const found = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(header);
  if (!found) return undefined;
  const [, traceId = "", spanId = "", flags = ""] = found;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const traceparent = ({ traceId, spanId, sampled = true }: SpanRef): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
