import { UserError } from "../errors.js";

/** Where traces go, and of which conversations and requests. */
export type TracingConfig = {
  /** Of the collector, whole. */
  readonly url: string;
  /** What a trace without a parent is decided by; `ratio` from 0 to 1 is of `traceidratio`. */
  readonly sampler: "always_on" | "always_off" | "traceidratio";
  readonly ratio: number;
  /** A trace that somebody else began goes by what he decided. */
  readonly parentBased: boolean;
  /** Who sends them, as `service.name`. */
  readonly resource: Readonly<Record<string, string>>;
};

/** OpenTelemetry's own variables that are read, beside those of its exporter (headers, certificates, compression, time). */
export const TRACING_HELP = `Traces go to a collector, by OTLP over HTTP, where OpenTelemetry's own variables name one:
  OTEL_EXPORTER_OTLP_ENDPOINT, or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT; OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
  OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, OTEL_EXPORTER_OTLP_HEADERS; OTEL_SDK_DISABLED=true switches them off.
`;

/**
 * What the environment says of traces; undefined: there are none.
 * @throws UserError `bad-value`, exit code 2
 */
export function tracingConfig(
  env: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
): TracingConfig | undefined {
  const [endpoint, traces] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] as const;
  const off = env.OTEL_SDK_DISABLED?.toLowerCase() === "true" || env.OTEL_TRACES_EXPORTER === "none";
  if (off || !(env[traces] || env[endpoint])) return undefined;
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL || "http/protobuf";
  if (protocol !== "http/protobuf") bad("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf, by which traces are sent");
  const given = env.OTEL_TRACES_SAMPLER || "parentbased_always_on";
  const sampler = given.replace(/^parentbased_/, "");
  if (sampler !== "always_on" && sampler !== "always_off" && sampler !== "traceidratio") {
    return bad("OTEL_TRACES_SAMPLER", "always_on, always_off or traceidratio, each also with parentbased_ before it");
  }
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG || "1");
  if (!(ratio >= 0 && ratio <= 1)) bad("OTEL_TRACES_SAMPLER_ARG", "a number from 0 to 1");
  return {
    url: env[traces]
      ? address(traces, env[traces])
      : `${address(endpoint, env[endpoint]!).replace(/\/$/, "")}/v1/traces`,
    ...{ sampler, ratio, parentBased: given.startsWith("parentbased_") },
    resource: {
      "service.name": "parley",
      ...own,
      ...attributes(env.OTEL_RESOURCE_ATTRIBUTES ?? ""),
      ...(env.OTEL_SERVICE_NAME && { "service.name": env.OTEL_SERVICE_NAME }),
    },
  };
}

function address(from: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    bad(from, "the address of a collector, as http://localhost:4318");
  }
  return text;
}

function attributes(text: string): Record<string, string> {
  const pairs = text.split(",").flatMap((pair) => {
    const [, name, value] = /^\s*([^=\s]+)\s*=(.*)$/.exec(pair) ?? [];
    if (name === undefined) return [];
    try {
      return [[name, decodeURIComponent(value!.trim())] as const];
    } catch {
      return bad("OTEL_RESOURCE_ATTRIBUTES", "name=value,… with what is no letter written as in an address");
    }
  });
  return Object.fromEntries(pairs);
}

/** What was given is not repeated: an address may hold a password. */
function bad(from: string, wanted: string): never {
  throw new UserError("bad-value", `${from} must be ${wanted}.`, { exitCode: 2 });
}
