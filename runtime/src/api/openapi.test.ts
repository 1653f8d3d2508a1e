import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { FLOWS, serve } from "../testing/server.js";
import { send } from "../testing/studio.js";
import { openApiDocument } from "./openapi.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** Every value below a JSON value, with its key. */
function* below(value: unknown, key = ""): Generator<[string, unknown]> {
  yield [key, value];
  if (typeof value !== "object" || value === null) return;
  for (const [name, item] of Object.entries(value)) yield* below(item, name);
}

it("is the same on every server", async () => {
  const texts: string[] = [];
  for (const flow of ["faq.json", "booking.json"]) {
    const runtime = await serve(createMemoryLog({ partitions: 1 }), { argv: [join(FLOWS, flow)] });
    cleanup.push(() => runtime.drain());
    texts.push((await send(runtime.url, "GET", "/api/openapi.json")).text);
  }
  expect(texts[0]).toBe(texts[1]);
  expect(JSON.parse(texts[0]!)).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});

it("names every schema that it refers to, and refers to every schema that it names", () => {
  const document = openApiDocument();
  const { schemas } = document.components as { schemas: Record<string, unknown> };
  const used = [...below(document)].flatMap(([key, value]) => (key === "$ref" ? [String(value)] : []));
  expect(new Set(used)).toEqual(new Set(Object.keys(schemas).map((name) => `#/components/schemas/${name}`)));
  expect(Object.keys(schemas)).toEqual(
    expect.arrayContaining(["Draft", "FlowSummary", "Layout", "Problem", "Settings"]),
  );
});

it("says of each operation who may, and gives it a name of its own", () => {
  const { paths } = openApiDocument() as { paths: Record<string, Record<string, Record<string, unknown>>> };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const operation of operations) expect(operation.security, String(operation.operationId)).toBeInstanceOf(Array);
  expect(paths["/api/flows/{flow}/draft"]!.put).toMatchObject({
    operationId: "putFlowsByFlowDraft",
    security: [{ token: [] }, { session: [] }],
    "x-right": "flows:write",
    responses: { "200": {}, "412": {}, "428": {} },
  });
  expect(paths["/api/tokens"]!.get).toMatchObject({ security: [{ session: [] }], "x-right": "access:manage" });
});
