import { TOKEN_SCOPES } from "@parley/shared/api/access";
import { API, BODY_BYTES, type Operation } from "@parley/shared/api/contract";
import { PROBLEMS, Problem, type ProblemCode } from "@parley/shared/api/problem";
import type { TSchema } from "typebox";

type Json = { [key: string]: unknown };

/** Problems that any route may have; those of who may, only the closed ones; those of a body, only where one is taken. */
const ANY: readonly ProblemCode[] = ["bad-request", "not-found", "wrong-host", "invalid", "internal", "not-stored"];
const CLOSED: readonly ProblemCode[] = ["not-signed-in", "forbidden"];
const WRITE: readonly ProblemCode[] = ["foreign-origin", "not-json"];
const BODY: readonly ProblemCode[] = ["bad-json", "too-large"];

/** The interface as an OpenAPI 3.1 document, the same on every server: it is made of the contract alone. */
export function openApiDocument(): Json {
  const schemas = new Map<string, Json>();
  const paths: Record<string, Json> = {};
  for (const [route, operation] of Object.entries(API) as [string, Operation][]) {
    const [method, path] = route.split(" ") as [string, string];
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(method, path, operation, schemas) };
  }
  reference(Problem, schemas);
  return {
    openapi: "3.1.0",
    info: {
      title: "Parley",
      version: "1",
      description:
        "Flows, drafts, versions, people and tokens. Programs send an API token; the studio's pages have a session " +
        "cookie, and their writes come from the server's own origin. Errors are problem details with a stable code.",
    },
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token of the right that x-right names" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "parley-<port>",
          description: "By POST /api/session; named by the port, on https with the prefix __Host-",
        },
      },
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function operationOf(method: string, path: string, operation: Operation, schemas: Map<string, Json>): Json {
  const { summary, access, body, large, status, answer, media, etag } = operation;
  const open = access === "open";
  const byToken = (TOKEN_SCOPES as readonly string[]).includes(access);
  const success: Json = { description: status === 204 ? "Done" : summary };
  if (answer) success.content = { "application/json": { schema: inline(answer, schemas) } };
  if (media) success.content = Object.fromEntries(media.map((type) => [type, { schema: { type: "string" } }]));
  if (etag) success.headers = { ETag: { schema: { type: "string" } } };
  return {
    operationId: operationId(method, path),
    summary,
    ...(open ? { security: [] } : { security: [...(byToken ? [{ token: [] }] : []), { session: [] }] }),
    ...(open || access === "person" ? {} : { "x-right": access }),
    parameters: parameters(path, operation, schemas),
    ...(body && {
      requestBody: {
        required: true,
        description: `At most ${large ? BODY_BYTES.large : BODY_BYTES.usual} bytes`,
        content: { "application/json": { schema: inline(body, schemas) } },
      },
    }),
    responses: { [status]: success, ...problems(method, operation) },
  };
}

/** `getFlowsDraftStates`, and `ByState` where one of them is asked for. */
function operationId(method: string, path: string): string {
  const words = path
    .split("/")
    .slice(2)
    .map((part) => part.replace(/^\{(.*)\}$/, "by-$1"));
  return [method.toLowerCase(), ...words.flatMap((word) => word.split(/[-.]/))]
    .map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1)))
    .join("");
}

function parameters(path: string, { query = {}, match }: Operation, schemas: Map<string, Json>): Json[] {
  const text = { type: "string" };
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema: text })),
    ...Object.entries(query).map(([name, schema]) => ({ name, in: "query", schema: inline(schema, schemas) })),
    ...(match ? [{ name: "If-Match", in: "header", required: match === "required", schema: text }] : []),
    ...(match === "or-new" ? [{ name: "If-None-Match", in: "header", schema: { const: "*" } }] : []),
  ];
}

function problems(method: string, { access, body, match, problems: own = [] }: Operation): Json {
  const write = method !== "GET";
  const codes = [
    ...ANY,
    ...(access === "open" ? [] : CLOSED),
    ...(write ? WRITE : []),
    ...(body ? BODY : []),
    ...(match ? (["changed", "match-required"] as const) : []),
    ...own,
  ];
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code]))];
  return Object.fromEntries(
    statuses.map((status) => {
      const description = codes.filter((code) => PROBLEMS[code] === status).join(", ");
      return [status, { description, content }];
    }),
  );
}

/** A schema as plain JSON, in which every schema that has an `$id` is a component of that name. */
function inline(schema: TSchema, schemas: Map<string, Json>): Json {
  return plain(schema, schemas) as Json;
}

function plain(value: unknown, schemas: Map<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, schemas));
  if (typeof value !== "object" || value === null) return value;
  if ("$id" in value && typeof value.$id === "string") return reference(value as TSchema & { $id: string }, schemas);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, schemas)]));
}

function reference(schema: object & { $id?: string }, schemas: Map<string, Json>): Json {
  const { $id = "", ...rest } = schema;
  // Those of the flow format have an address: …/settings-1.json is Settings.
  const name = $id.includes("/")
    ? $id.replace(/^.*\/([a-z])([a-z]*).*$/, (_, a: string, b: string) => a.toUpperCase() + b)
    : $id;
  if (!schemas.has(name)) {
    schemas.set(name, {});
    schemas.set(name, plain(rest, schemas) as Json);
  }
  return { $ref: `#/components/schemas/${name}` };
}
