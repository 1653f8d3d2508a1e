import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { policyOf } from "../policies.js";

const HEADERS = Object.entries({
  "Content-Type": "application/problem+json",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  ...policyOf("data", undefined),
}).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\r\n`]));

/**
 * Answers a request to become a websocket with a problem and one sentence, and ends it.
 * @param retryAfter seconds after which it may be asked again
 * @returns the id that the answer has: the request's own is not at the socket any more
 */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  code: string,
  title: string,
  retryAfter?: number,
): string {
  const requestId = randomUUID();
  if (socket.destroyed) return requestId;
  const body = JSON.stringify({ type: "about:blank", title, status, code, requestId });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${HEADERS.join("")}X-Request-Id: ${requestId}\r\n` +
      (retryAfter === undefined ? "" : `Retry-After: ${retryAfter}\r\n`) +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  return requestId;
}
