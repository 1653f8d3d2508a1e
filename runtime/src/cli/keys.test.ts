import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { IdentityKeys } from "../proxy/identity-keys.js";
import { verifyIdentity } from "../proxy/jwt.js";
import { scratch } from "../testing/server.js";
import { claims, newSigner, token } from "../testing/tokens.js";
import { runKeys } from "./keys.js";
import type { CommandIo } from "./studio-store.js";

const NOW = 1_800_000_000_000;
let folder: ReturnType<typeof scratch>;
let said: string;
let io: CommandIo;
beforeEach(() => {
  folder = scratch();
  said = "";
  io = {
    stdout: (text) => {
      said += text;
    },
    password: async () => "",
    env: {},
    cwd: folder.path,
    now: () => NOW,
  };
});
afterEach(() => folder.dispose());
const file = () => join(folder.path, "data", "identity-keys.json");
const named = async (jwt: string) => verifyIdentity(jwt, "tea", await new IdentityKeys(file()).of("tea"), NOW);

describe("parley keys", () => {
  it("makes a secret that a site signs with, shown once, in a file for its user alone", async () => {
    await runKeys(["add", "tea", "--issuer", "https://shop.example"], io);
    const secret = /shown this once: (\S+)/.exec(said)![1]!;
    const signer = { alg: "HS256", sign: Buffer.from(secret, "base64url"), stored: "" } as const;
    expect(await named(token(signer, claims("ada", "tea", NOW)))).toEqual({
      issuer: "https://shop.example",
      subject: "ada",
    });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    said = "";
    await runKeys(["list"], io);
    expect(said).toMatch(/^tea +[0-9a-f]{8} +HS256 +https:\/\/shop\.example +added 2027-/);
    expect(said).not.toContain(secret);
  });

  it("takes public keys, two at most, and removes one", async () => {
    const signer = newSigner("EdDSA");
    writeFileSync(join(folder.path, "public.pem"), signer.stored);
    const add = ["add", "tea", "--issuer", "https://shop.example", "--alg", "EdDSA", "--public-key", "public.pem"];
    await runKeys(add, io);
    await runKeys(add, io);
    await runKeys(["add", "cake", "--issuer", "x"], io);
    await expect(runKeys(add, io)).rejects.toMatchObject({ code: "two-keys" });
    const [first] = JSON.parse(readFileSync(file(), "utf8")).keys;
    await runKeys(["remove", "tea", first.kid], io);
    expect(await named(token(signer, claims("ada", "tea", NOW)))).toHaveProperty("subject", "ada");
    const [second] = JSON.parse(readFileSync(file(), "utf8")).keys;
    await runKeys(["remove", "tea", second.kid], io);
    expect(await named(token(signer, claims("ada", "tea", NOW)))).toHaveProperty("refused");
    said = "";
    await runKeys(["list", "tea"], io);
    expect(said).toBe("");
  });

  it("says what is wrong", async () => {
    writeFileSync(join(folder.path, "es.pem"), newSigner("ES256").stored);
    writeFileSync(join(folder.path, "private.pem"), "-----BEGIN PRIVATE KEY-----");
    const eddsa = (...more: string[]) => ["add", "tea", "--issuer", "x", "--alg", "EdDSA", ...more];
    const wrong: [string[], string][] = [
      [[], "bad-call"],
      [["add", "tea"], "bad-call"],
      [["add", "Tea!", "--issuer", "x"], "bad-call"],
      [["add", "tea", "--issuer", "x", "--alg", "none"], "bad-call"],
      [["add", "tea", "--issuer", "x", "--public-key", "es.pem"], "bad-call"],
      [eddsa(), "bad-call"],
      [eddsa("--public-key", "es.pem"), "bad-key"],
      [eddsa("--public-key", "private.pem"), "bad-key"],
      [eddsa("--public-key", "none.pem"), "bad-key"],
      [["remove", "tea", "00"], "no-such-key"],
    ];
    for (const [args, code] of wrong) await expect(runKeys(args, io), args.join(" ")).rejects.toMatchObject({ code });
    writeFileSync(file(), "{");
    await expect(runKeys(["list"], io)).rejects.toMatchObject({ code: "identity-keys" });
  });
});
