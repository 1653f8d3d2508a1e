import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as a collector gets it. */
export type CollectedSpan = {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
};
export type Collector = {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly spans: CollectedSpan[];
  /** All that came, as it came. */
  readonly raw: Buffer[];
  /** Resolves when something has come. */
  readonly reached: Promise<void>;
  close(): void;
};

/** An OpenTelemetry collector on a free port. @param answers `false`: it takes what comes and never says a word */
export async function startCollector({ answers = true } = {}): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const raw: Buffer[] = [];
  let came = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    came = resolve;
  });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    raw.push(body);
    if (request.url === "/v1/traces") spans.push(...spansOf(body));
    came();
    if (answers) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, raw, reached, close };
}

/** Of a protobuf message: each field's number with what it holds. */
function* fields(bytes: Buffer): Generator<[number: number, value: Buffer | bigint]> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const part = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    yield [tag >> 3, kind === 0 ? varint() : part(kind === 2 ? Number(varint()) : kind === 1 ? 8 : 4)];
  }
}
const all = (bytes: Buffer, number: number): Buffer[] =>
  [...fields(bytes)].flatMap(([found, value]) => (found === number && Buffer.isBuffer(value) ? value : []));

/** opentelemetry-proto: resource_spans 1 { resource 1 { attributes 1 }, scope_spans 2 { spans 2 } }. */
function spansOf(body: Buffer): CollectedSpan[] {
  return all(body, 1).flatMap((resourceSpans) => {
    const service = String(attributesOf(all(resourceSpans, 1)[0]!, 1)["service.name"]);
    return all(resourceSpans, 2)
      .flatMap((scopeSpans) => all(scopeSpans, 2))
      .map((span) => {
        const hex = (number: number) => all(span, number)[0]?.toString("hex") ?? "";
        const name = all(span, 5)[0]!.toString();
        return { service, name, traceId: hex(1), spanId: hex(2), parent: hex(4), attributes: attributesOf(span, 9) };
      });
  });
}

/** Each { key 1, value 2 { string 1, int 3 } }. */
function attributesOf(bytes: Buffer, number: number): Record<string, string | number> {
  return Object.fromEntries(
    all(bytes, number).map((pair) => {
      const [[, value] = [0, 0n]] = fields(all(pair, 2)[0]!);
      return [all(pair, 1)[0]!.toString(), Buffer.isBuffer(value) ? value.toString() : Number(value)];
    }),
  );
}
