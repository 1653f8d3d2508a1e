import { createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { reason, UserError } from "../errors.js";
import { ALGORITHMS, type Algorithm, type IdentityKey } from "./jwt.js";

/** Name of the file in a data folder. */
export const IDENTITY_KEYS = "identity-keys.json";
/** Keys that a flow may have at once: the one in use, and the one that takes over from it. */
export const MAX_KEYS = 2;
/** Bytes of an HS256 secret at least: as many as its digest. */
const MIN_SECRET = 32;

/** One key as it stands in the file: a PEM for EdDSA and ES256, for HS256 the secret as base64url. */
export type StoredKey = {
  readonly flow: string;
  readonly kid: string;
  readonly alg: Algorithm;
  readonly issuer: string;
  readonly key: string;
  /** ISO 8601 */
  readonly added: string;
};

/** Reads the file of keys; none yet is no keys. @throws UserError `identity-keys` */
export async function readKeys(file: string): Promise<StoredKey[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new UserError("identity-keys", `The keys in ${file} cannot be read: ${reason(cause)}.`, { cause });
  }
  try {
    const { keys } = JSON.parse(text) as { keys: StoredKey[] };
    for (const key of keys) checked(key);
    return keys;
  } catch (cause) {
    throw new UserError("identity-keys", `${file} is no file of keys: ${reason(cause)}.`, { cause });
  }
}

/** Writes the file of keys for its owner alone, in one move. */
export async function writeKeys(file: string, keys: readonly StoredKey[]): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The key as it verifies. @throws Error when it is none of its algorithm */
export function checked({ flow, kid, alg, issuer, key }: StoredKey): IdentityKey {
  for (const text of [flow, kid, issuer, key]) {
    if (typeof text !== "string" || text === "") throw new Error("a key without flow, kid, issuer or key");
  }
  if (!ALGORITHMS.includes(alg)) throw new Error(`${JSON.stringify(alg)} is none of ${ALGORITHMS.join(", ")}`);
  return { kid, alg, issuer, key: alg === "HS256" ? secretKey(key) : publicKey(alg, key) };
}

function secretKey(text: string): KeyObject {
  const secret = Buffer.from(text, "base64url");
  if (secret.length < MIN_SECRET) throw new Error(`an HS256 secret has at least ${MIN_SECRET} bytes`);
  return createSecretKey(secret);
}

function publicKey(alg: "EdDSA" | "ES256", pem: string): KeyObject {
  const key = createPublicKey(pem);
  const right =
    alg === "EdDSA"
      ? key.asymmetricKeyType === "ed25519"
      : key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
  if (!right) throw new Error(alg === "EdDSA" ? "EdDSA takes an Ed25519 key" : "ES256 takes a key on the curve P-256");
  return key;
}

/** The keys of a server, read again when their file has changed: a new one needs no restart. */
export class IdentityKeys {
  #read = "";
  #keys = new Map<string, IdentityKey[]>();

  constructor(private readonly file: string | undefined) {}

  /** @throws UserError `identity-keys` while the file cannot be read */
  async of(flow: string): Promise<readonly IdentityKey[]> {
    if (this.file === undefined) return [];
    // Two writes may have one time; each makes a file of its own.
    const now = await stat(this.file).then(
      ({ mtimeMs, ino }) => `${mtimeMs} ${ino}`,
      () => "none",
    );
    if (now !== this.#read) {
      const keys = new Map<string, IdentityKey[]>();
      for (const stored of await readKeys(this.file)) {
        keys.set(stored.flow, [...(keys.get(stored.flow) ?? []), checked(stored)].slice(-MAX_KEYS));
      }
      this.#keys = keys;
      this.#read = now;
    }
    return this.#keys.get(flow) ?? [];
  }
}
