import { expect, it, vi } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { serve } from "../testing/server.js";

const loaded = vi.hoisted(() => vi.fn());
vi.mock("./otlp-tracer.js", () => {
  loaded();
  return { openTracer: () => ({ begin: () => ({ ref: {}, end: () => undefined }), close: async () => undefined }) };
});

it("of OpenTelemetry nothing is loaded unless a collector is named", async () => {
  const run = async (env: Record<string, string>) => (await serve(createMemoryLog({}), { env })).drain();
  await run({});
  expect(loaded).not.toHaveBeenCalled();
  await run({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" });
  expect(loaded).toHaveBeenCalledOnce();
});
