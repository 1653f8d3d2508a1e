import type { Response } from "express";
import { storesNothing } from "../studio/database.js";
import { Refusal } from "../studio/refusal.js";
import { noteCode, requestId } from "./watch-requests.js";

/** Answers with problem details (RFC 9457), a stable code, and the id by which the operator finds the request. */
export function problem(
  response: Response,
  status: number,
  code: string,
  title: string,
  extra: Refusal["extra"] = {},
): void {
  noteCode(response, code);
  const id = requestId(response);
  const body = { type: "about:blank", title, status, code, ...extra, ...(id !== undefined && { requestId: id }) };
  response.status(status).type("application/problem+json").send(JSON.stringify(body));
}

/** The same for a refusal. */
export function refuse(response: Response, { status, code, message, extra }: Refusal): void {
  if (status === 401) response.set("WWW-Authenticate", "Bearer");
  if (extra.etag !== undefined) response.set("ETag", extra.etag);
  if (extra.retryAfter !== undefined) response.set("Retry-After", String(extra.retryAfter));
  problem(response, status, code, message, extra);
}

/** What the studio's file cannot store is no fault of the request; undefined for any other error. */
export function storeRefusal(error: unknown): Refusal | undefined {
  if (!storesNothing(error)) return undefined;
  return new Refusal("not-stored", "It could not be stored: the disk is full or fails. Try again.");
}
