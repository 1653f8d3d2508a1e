import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { writeKeys } from "../proxy/identity-keys.js";
import type { Algorithm } from "../proxy/jwt.js";

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A key pair, or a secret twice, and what the file of keys holds of it. */
export type Signer = { readonly alg: Algorithm; readonly sign: KeyObject | Buffer; readonly stored: string };

export function newSigner(alg: Algorithm): Signer {
  if (alg === "HS256") {
    const secret = randomBytes(32);
    return { alg, sign: secret, stored: secret.toString("base64url") };
  }
  const pair = alg === "EdDSA" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const stored = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  return { alg, sign: pair.privateKey, stored };
}

/** A token of this header and these claims, whatever they are. */
export function token(signer: Signer, claims: object, header: object = {}): string {
  const signed = `${part({ alg: signer.alg, typ: "JWT", ...header })}.${part(claims)}`;
  return `${signed}.${signature(signer, Buffer.from(signed)).toString("base64url")}`;
}

function signature({ alg, sign: key }: Signer, data: Buffer): Buffer {
  if (alg === "HS256") return createHmac("sha256", key).update(data).digest();
  if (alg === "EdDSA") return sign(null, data, key as KeyObject);
  return sign("sha256", data, { key: key as KeyObject, dsaEncoding: "ieee-p1363" });
}

/** What a page's server says of a person: right for `flow`, an hour from `now` (ms). */
export const claims = (sub: string, flow: string, now: number) => {
  const iat = Math.floor(now / 1000);
  return { iss: "https://shop.example", sub, aud: flow, iat, exp: iat + 3600 };
};

/** Writes a file of keys, one for each signer. */
export function storeKeys(file: string, flow: string, signers: readonly Signer[]): Promise<void> {
  const added = "2026-01-01T00:00:00.000Z";
  return writeKeys(
    file,
    signers.map(({ alg, stored }, n) => ({
      flow,
      kid: `k${n}`,
      alg,
      issuer: "https://shop.example",
      key: stored,
      added,
    })),
  );
}
