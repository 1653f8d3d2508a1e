import { createHmac, type KeyObject, timingSafeEqual, verify } from "node:crypto";

/** How an identity is signed. The algorithm belongs to the key: what a token's header says of it must be the same. */
export const ALGORITHMS = ["EdDSA", "ES256", "HS256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** A key of one flow; `issuer` is what `iss` must be. */
export type IdentityKey = {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly issuer: string;
  /** Public for EdDSA and ES256, secret for HS256. */
  readonly key: KeyObject;
};
/** Who a token names, or why it names nobody; the reason is for the operator's log and for no client. */
export type Verdict = { readonly issuer: string; readonly subject: string } | { readonly refused: string };

/** Longest token, in characters, and longest name of a person. */
const MAX_TOKEN = 8 * 1024;
const MAX_SUBJECT = 256;
/** Longest life of a token, and what clocks may differ by, in seconds. */
const MAX_LIFE = 3600;
const LEEWAY = 60;

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a signed token (RFC 7519 in compact form) strictly: one of the flow's keys, by that key's own algorithm; `iss`,
 * `aud` (this flow), `sub`, `iat` and `exp` all there, a life of at most an hour.
 * @param now milliseconds
 */
export function verifyIdentity(jwt: string, flow: string, keys: readonly IdentityKey[], now: number): Verdict {
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(jwt.length <= MAX_TOKEN ? jwt : "");
  if (!parts) return { refused: "not a signed token" };
  const [, head = "", body = "", signature = ""] = parts;
  const header = readJson(head);
  const claims = readJson(body);
  const signed = bytes(signature);
  if (!header || !claims || !signed) return { refused: "not a signed token" };
  if (header.crit !== undefined || (header.typ !== undefined && !/^jwt$/i.test(String(header.typ)))) {
    return { refused: "a header that is not understood here" };
  }
  const key = keys.find(
    ({ kid, alg, key }) =>
      alg === header.alg && (header.kid === undefined || header.kid === kid) && isSigned(alg, key, jwt, signed),
  );
  if (!key) return { refused: "signed by none of the flow's keys" };
  return judge(claims, key, flow, now / 1000);
}

function judge(claims: Json, key: IdentityKey, flow: string, now: number): Verdict {
  const { iss, sub, aud, iat, exp, nbf } = claims;
  if (iss !== key.issuer) return { refused: "another issuer" };
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT) return { refused: "no subject" };
  if (aud !== flow && !(Array.isArray(aud) && aud.includes(flow))) return { refused: "for another flow" };
  if (!isTime(iat) || !isTime(exp) || !(nbf === undefined || isTime(nbf))) return { refused: "times that are none" };
  if (exp <= iat || exp - iat > MAX_LIFE) return { refused: "a life over an hour" };
  if (now >= exp + LEEWAY) return { refused: "expired" };
  if (iat > now + LEEWAY || (nbf ?? 0) > now + LEEWAY) return { refused: "not valid yet" };
  return { issuer: iss, subject: sub };
}

/** Seconds since 1970, and a number: a text of digits is none. */
const isTime = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

function isSigned(alg: Algorithm, key: KeyObject, jwt: string, signature: Buffer): boolean {
  const data = Buffer.from(jwt.slice(0, jwt.lastIndexOf(".")));
  if (alg === "HS256") {
    const right = createHmac("sha256", key).update(data).digest();
    return right.length === signature.length && timingSafeEqual(right, signature);
  }
  if (signature.length !== 64) return false;
  if (alg === "EdDSA") return verify(null, data, key, signature);
  return verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, signature);
}

/** Base64url without padding, in its one right form. */
function bytes(text: string): Buffer | undefined {
  const read = Buffer.from(text, "base64url");
  return read.toString("base64url") === text ? read : undefined;
}

function readJson(part: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(part)));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined; // Of whatever kind: it names nobody.
  }
}
