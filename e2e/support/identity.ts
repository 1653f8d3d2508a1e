import { createHmac, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A site that may say who its visitors are, and what it signs. */
export type Issuer = { jwt(sub: string, more?: object): string };

/** Gives a data folder the key of a site, as `parley keys add` does, before or while a server runs on it. */
export function newIssuer(dataDir: string, flow: string): Issuer {
  const secret = randomBytes(32);
  const issuer = "https://shop.example";
  const key = { flow, kid: "k1", alg: "HS256", issuer, key: secret.toString("base64url"), added: "2026-01-01" };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(join(dataDir, "identity-keys.json"), JSON.stringify({ keys: [key] }), { mode: 0o600 });
  return {
    jwt(sub, more = {}) {
      const iat = Math.floor(Date.now() / 1000);
      const signed = `${part({ alg: "HS256" })}.${part({ iss: issuer, sub, aud: flow, iat, exp: iat + 600, ...more })}`;
      return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
    },
  };
}
