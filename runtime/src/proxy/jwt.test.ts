import { createHmac, createPublicKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claims, newSigner, type Signer, token } from "../testing/tokens.js";
import { checked } from "./identity-keys.js";
import { ALGORITHMS, type IdentityKey, verifyIdentity } from "./jwt.js";

const NOW = Date.UTC(2026, 0, 1);
const IAT = NOW / 1000;
const ISSUER = "https://shop.example";
const key = ({ alg, stored }: Signer, kid = "k0"): IdentityKey =>
  checked({ flow: "tea", kid, alg, issuer: ISSUER, key: stored, added: "" });
const right = claims("ada", "tea", NOW);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("verifyIdentity", () => {
  it.each(ALGORITHMS)("[W5] takes a right token of %s, by either of two keys, with or without their name", (alg) => {
    const [old, next] = [newSigner(alg), newSigner(alg)];
    const keys = [key(old, "old"), key(next, "next")];
    const named = { issuer: ISSUER, subject: "ada" };
    for (const jwt of [token(old, right), token(next, right), token(next, right, { kid: "next" })]) {
      expect(verifyIdentity(jwt, "tea", keys, NOW)).toEqual(named);
    }
    expect(verifyIdentity(token(old, { ...right, aud: ["cake", "tea"], nbf: IAT }), "tea", keys, NOW)).toEqual(named);
    expect(verifyIdentity(token(old, right, { kid: "next" }), "tea", keys, NOW)).toHaveProperty("refused");
    expect(verifyIdentity(token(old, right), "tea", [keys[1]!], NOW)).toHaveProperty("refused");
    expect(verifyIdentity(token(old, right), "tea", [], NOW)).toHaveProperty("refused");
  });

  it("[W5] refuses what is not all right", () => {
    const signer = newSigner("EdDSA");
    const keys = [key(signer)];
    const without = (name: string) => Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));
    const wrong: [string, string][] = [
      ["of another flow", token(signer, { ...right, aud: "cake" })],
      ["of a flow whose name begins so", token(signer, { ...right, aud: "teapot" })],
      ["for nobody", token(signer, without("aud"))],
      ["of another issuer", token(signer, { ...right, iss: "https://evil.example" })],
      ["of no issuer", token(signer, without("iss"))],
      ["of no subject", token(signer, without("sub"))],
      ["of an empty subject", token(signer, { ...right, sub: "" })],
      ["of a subject that is a number", token(signer, { ...right, sub: 7 })],
      ["of an endless subject", token(signer, { ...right, sub: "x".repeat(257) })],
      ["expired", token(signer, { ...right, iat: IAT - 3661, exp: IAT - 61 })],
      ["with a life of a year", token(signer, { ...right, exp: IAT + 365 * 86_400 })],
      ["with a life of an hour and a second", token(signer, { ...right, exp: IAT + 3601 })],
      ["that ends before it begins", token(signer, { ...right, exp: IAT - 1 })],
      ["with exp as a text", token(signer, { ...right, exp: String(right.exp) })],
      ["with iat as a text", token(signer, { ...right, iat: String(right.iat) })],
      ["without exp", token(signer, without("exp"))],
      ["without iat", token(signer, without("iat"))],
      ["with exp beyond numbers", token(signer, { ...right, exp: null })],
      ["from the future", token(signer, { ...right, iat: IAT + 61, exp: IAT + 600 })],
      ["not valid yet", token(signer, { ...right, nbf: IAT + 61 })],
      ["with a rule that is not understood", token(signer, right, { crit: ["b64"], b64: false })],
      ["of another type", token(signer, right, { typ: "at+jwt" })],
      ["of alg none", `${part({ alg: "none" })}.${part(right)}.`],
      [
        "of alg none with a signature",
        `${part({ alg: "none" })}.${token(signer, right).split(".").slice(1).join(".")}`,
      ],
      ["of no alg", token(signer, right, { alg: undefined })],
      [
        "with its own key",
        token(newSigner("EdDSA"), right, { jwk: createPublicKey(signer.stored).export({ format: "jwk" }) }),
      ],
      ["whose claims were changed", token(signer, right).replace(part(right), part({ ...right, sub: "eve" }))],
      ["without signature", `${token(signer, right).split(".").slice(0, 2).join(".")}.`],
      ["in four parts", `${token(signer, right)}.x`],
      ["padded", `${token(signer, right)}=`],
      ["over its longest", token(signer, { ...right, more: "x".repeat(8192) })],
      ["empty", ""],
    ];
    for (const [what, jwt] of wrong) expect(verifyIdentity(jwt, "tea", keys, NOW), what).toHaveProperty("refused");
  });

  it("[W5] lets clocks differ by a minute", () => {
    const signer = newSigner("HS256");
    const judged = (more: object) => verifyIdentity(token(signer, { ...right, ...more }), "tea", [key(signer)], NOW);
    expect(judged({ iat: IAT - 3659, exp: IAT - 59 })).toHaveProperty("subject");
    expect(judged({ iat: IAT - 3660, exp: IAT - 60 })).toHaveProperty("refused");
    expect(judged({ iat: IAT + 60, exp: IAT + 3660 })).toHaveProperty("subject");
  });

  it("[W5] takes no algorithm but the key's own: HS256 signed with the public key is nothing", () => {
    for (const alg of ["EdDSA", "ES256"] as const) {
      const signer = newSigner(alg);
      const der = createPublicKey(signer.stored).export({ type: "spki", format: "der" });
      for (const secret of [Buffer.from(signer.stored), Buffer.from(signer.stored.trim()), der, der.subarray(-32)]) {
        const signed = `${part({ alg: "HS256" })}.${part(right)}`;
        const mac = createHmac("sha256", secret).update(signed).digest("base64url");
        expect(verifyIdentity(`${signed}.${mac}`, "tea", [key(signer)], NOW)).toHaveProperty("refused");
      }
    }
  });

  it("never throws, whatever it is given", () => {
    const signer = newSigner("ES256");
    const some = token(signer, right);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map(part),
          fc.nat(some.length).map((at) => `${some.slice(0, at)}A${some.slice(at)}`),
        ),
        (jwt) => {
          for (const text of [jwt, `${jwt}.${jwt}.${jwt}`, `${part({ alg: "ES256" })}.${jwt}.${"A".repeat(86)}`]) {
            expect(verifyIdentity(text, "tea", [key(signer)], NOW)).toHaveProperty("refused");
          }
        },
      ),
      { seed: 20267 },
    );
  });
});

describe("checked", () => {
  it("takes no key that is not its algorithm's", () => {
    const made = (alg: IdentityKey["alg"], text: string) => () => key({ alg, stored: text, sign: Buffer.alloc(0) });
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "pem" });
    expect(made("EdDSA", newSigner("ES256").stored)).toThrow("Ed25519");
    expect(made("ES256", newSigner("EdDSA").stored)).toThrow("P-256");
    expect(made("ES256", String(rsa))).toThrow("P-256");
    expect(made("HS256", Buffer.alloc(31).toString("base64url"))).toThrow("32 bytes");
    expect(made("none" as never, "x")).toThrow("none of");
  });
});
