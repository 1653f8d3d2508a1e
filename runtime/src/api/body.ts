import type { Operation } from "@parley/shared/api/contract";
import { BODY_BYTES } from "@parley/shared/api/contract";
import { json, type Request, type Response } from "express";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { Refusal } from "../studio/refusal.js";

/** No compressed bodies: what a body says is what it costs. */
const readers = {
  usual: json({ limit: BODY_BYTES.usual, inflate: false, type: "application/json" }),
  large: json({ limit: BODY_BYTES.large, inflate: false, type: "application/json" }),
};
const MOST_ERRORS = 20;

/**
 * Reads the JSON body of a request and checks it against its schema; undefined for a route that takes none.
 * @throws Refusal `not-json`, `bad-json`, `too-large`, `invalid`
 */
export async function readBody(
  request: Request,
  response: Response,
  { body, large }: Pick<Operation, "body" | "large">,
): Promise<unknown> {
  const sent = request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0;
  // What a page can send without asking first is no JSON: text/plain, forms.
  if ((body || sent) && !/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
    throw new Refusal("not-json", "Send JSON, as application/json.");
  }
  if (!body) return undefined;
  await new Promise<void>((resolve, reject) => {
    readers[large ? "large" : "usual"](request, response, (error?: unknown) => (error ? reject(error) : resolve()));
  });
  checkJson(body, request.body);
  return request.body;
}

/** @throws Refusal `invalid`, with what is wrong and where */
function checkJson(schema: TSchema, json: unknown): void {
  if (Value.Check(schema, json)) return;
  const errors = Value.Errors(schema, json)
    .slice(0, MOST_ERRORS)
    .map(({ instancePath, message }) => ({ pointer: instancePath, message }));
  throw new Refusal("invalid", "The request does not say what this route takes.", { errors });
}

/** What reading a body failed of, as it is told; undefined for any other error. */
export function bodyRefusal(error: unknown): Refusal | undefined {
  const type = (error as { type?: unknown } | undefined)?.type;
  if (type === "entity.too.large") {
    return new Refusal("too-large", "The request is larger than this route takes.");
  }
  if (type === "entity.parse.failed") return new Refusal("bad-json", "The request is no JSON.");
  if (type === "encoding.unsupported" || type === "charset.unsupported") {
    return new Refusal("not-json", "Send JSON as UTF-8, not compressed.");
  }
  return undefined;
}
