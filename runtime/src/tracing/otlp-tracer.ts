import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type TracerProviderOptions,
} from "@opentelemetry/sdk-trace";
import type { Logger } from "pino";
import { reason } from "../errors.js";
import type { TracingConfig } from "./config.js";
import type { Beginning, Span, SpanRef, Tracer } from "./tracer.js";

/** Ms that a stop waits for the collector, which may be away or never answer. */
const LAST = 1_000;
/** Ms between two lines that it is away. */
const SAY_AGAIN = 600_000;
/** `RECORD_AND_SAMPLED` of the library. */
const SAMPLED = 2;
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/** Spans to an OpenTelemetry collector, in batches, beside the work: what the collector does not take is dropped. */
export function openTracer(config: TracingConfig, logger: Logger): Tracer {
  const root = rootSampler(config);
  const chance = new RandomIdGenerator();
  /** Which ids the next span has, where it is told. */
  let given: SpanRef | undefined;
  const exporter = new OTLPTraceExporter({ url: config.url });
  const processor = new BatchSpanProcessor({ exporter: telling(exporter, logger) });
  const provider = new TracerProvider({
    resource: resource(config.resource),
    sampler: config.parentBased ? new ParentBasedSampler({ root }) : root,
    idGenerator: {
      generateTraceId: () => given?.traceId ?? chance.generateTraceId(),
      generateSpanId: () => given?.spanId ?? chance.generateSpanId(),
    },
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer("parley");

  /** Decided by the trace's id, so alike in every process that knows no more of it. */
  const sampled = (traceId: string): boolean =>
    root.shouldSample(ROOT_CONTEXT, traceId, "", SpanKind.INTERNAL, {}, []).decision === SAMPLED;
  const under = (parent: SpanRef | undefined): Context => {
    if (!parent) return ROOT_CONTEXT;
    const { traceId, spanId } = parent;
    const traceFlags = (parent.sampled ?? sampled(traceId)) ? TraceFlags.SAMPLED : TraceFlags.NONE;
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
  };

  return {
    begin(name, { kind, parent, as, attributes = {} }: Beginning = {}): Span {
      given = as;
      const options = { attributes, ...(kind && { kind: KINDS[kind] }) };
      const span = tracer.startSpan(name, options, under(parent));
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        ref: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
        end({ name: told, failed, attributes: more } = {}) {
          if (told !== undefined) span.updateName(told);
          if (more) span.setAttributes(more);
          if (failed !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failed });
          span.end();
        },
      };
    },

    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, LAST);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

function rootSampler({ sampler, ratio }: TracingConfig): Sampler {
  if (sampler === "always_off") return new AlwaysOffSampler();
  return sampler === "traceidratio" ? new TraceIdRatioBasedSampler(ratio) : new AlwaysOnSampler();
}

/** Who sends: what the library makes by itself says nothing of it. */
function resource(attributes: Readonly<Record<string, string>>): NonNullable<TracerProviderOptions["resource"]> {
  const self: NonNullable<TracerProviderOptions["resource"]> = {
    attributes,
    merge: () => self,
    getRawAttributes: () => Object.entries(attributes),
  };
  return self;
}

/** Says that spans do not arrive, now and then. */
function telling(inner: SpanExporter, logger: Logger): SpanExporter {
  let said = Number.NEGATIVE_INFINITY;
  return {
    export: (spans, done) =>
      inner.export(spans, (result) => {
        const now = performance.now();
        if (result.code !== 0 && now - said >= SAY_AGAIN) {
          said = now;
          logger.warn({ reason: reason(result.error) }, "the collector does not take traces: they are dropped");
        }
        done(result);
      }),
    shutdown: () => inner.shutdown(),
    forceFlush: () => inner.forceFlush?.() ?? Promise.resolve(),
  };
}
