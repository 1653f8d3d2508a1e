import { type Static, Type } from "typebox";
import { Findings } from "./versions.js";

/** Every code that a problem of the HTTP interface may have, with its status. Codes are stable; titles are not. */
export const PROBLEMS = {
  "bad-json": 400,
  "bad-request": 400,
  "not-signed-in": 401,
  "wrong-login": 401,
  forbidden: 403,
  "foreign-origin": 403,
  "not-found": 404,
  "method-not-allowed": 405,
  archived: 409,
  "built-in": 409,
  "flow-exists": 409,
  "name-taken": 409,
  "not-live": 409,
  "no-room": 409,
  "nothing-new": 409,
  "other-version": 409,
  published: 409,
  "too-many-comments": 409,
  "too-many-links": 409,
  "too-many-notes": 409,
  "too-many-replies": 409,
  "too-many-tests": 409,
  "too-many-webhooks": 409,
  "link-over": 410,
  changed: 412,
  "too-large": 413,
  "not-json": 415,
  "wrong-host": 421,
  "damaged-picture": 422,
  "has-problems": 422,
  invalid: 422,
  "more-than-a-picture": 422,
  "no-picture": 422,
  "other-picture": 422,
  "too-deep": 422,
  "too-many-pixels": 422,
  "unreadable-text": 422,
  "upgrade-required": 426,
  "match-required": 428,
  "too-many-requests": 429,
  internal: 500,
  "catching-up": 503,
  "not-stored": 503,
  "no-space": 507,
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

/** RFC 9457 problem details, as `application/problem+json`. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String({ description: "One sentence for a person" }),
    status: Type.Integer(),
    code: Type.String({ description: "Stable, for programs" }),
    requestId: Type.Optional(
      Type.String({ description: "By which the operator finds the request in the server's log" }),
    ),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({ description: "JSON pointer into the body" }),
          message: Type.String(),
        }),
        { description: "What is wrong with the body (code invalid)" },
      ),
    ),
    etag: Type.Optional(Type.String({ description: "What is current now (code changed)" })),
    findings: Type.Optional(Findings),
    live: Type.Optional(Type.Integer({ description: "The version that is live now, 0 for none (code other-version)" })),
    retryAfter: Type.Optional(Type.Integer({ description: "Seconds to wait (codes too-many-requests, catching-up)" })),
  },
  { $id: "Problem" },
);
export type Problem = Static<typeof Problem>;
