import type { Response } from "express";

/** Answers with problem details (RFC 9457) and a stable code. */
export function problem(response: Response, status: number, code: string, title: string): void {
  response
    .status(status)
    .type("application/problem+json")
    .send(JSON.stringify({ type: "about:blank", title, status, code }));
}
