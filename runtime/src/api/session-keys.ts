import { timingSafeEqual } from "node:crypto";
import express, { Router } from "express";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { KEYS_AT_ONCE, type SessionKeys } from "../sealing/keys.js";
import { KEYS_PATH, type KeysTold } from "../sealing/remote-keys.js";
import { problem } from "./problem.js";

const Asked = Type.Object(
  { sids: Type.Array(Type.String({ pattern: "^[0-9a-f]{40}$" }), { minItems: 1, maxItems: KEYS_AT_ONCE }) },
  { additionalProperties: false },
);

/** Gives the keys of sessions to the other processes of the cluster, by its token alone: no cookie, no person's right. */
export function sessionKeys(keys: SessionKeys, token: string): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const wanted = Buffer.from(`Bearer ${token}`);
  router.post(KEYS_PATH, (request, response, next) => {
    const given = Buffer.from(request.headers.authorization ?? "");
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return next();
    response.set("WWW-Authenticate", "Bearer");
    problem(response, 401, "unauthorized", "Send the CLUSTER_TOKEN as a bearer token.");
  });
  router.post(KEYS_PATH, express.json({ limit: "64kb" }), async (request, response) => {
    if (!Value.Check(Asked, request.body)) {
      return problem(response, 400, "bad-request", `Ask for 1 to ${KEYS_AT_ONCE} sessions by their numbers.`);
    }
    const found = await keys.of((request.body as { sids: string[] }).sids);
    const told: KeysTold = { keys: [...found].map(([sid, key]) => [sid, key?.toString("base64") ?? null]) };
    response.set("Cache-Control", "no-store").json(told);
  });
  return router;
}
