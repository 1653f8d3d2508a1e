import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { makeFolder } from "../data-folder.js";
import { reason, UserError } from "../errors.js";
import { checked, IDENTITY_KEYS, MAX_KEYS, readKeys, type StoredKey, writeKeys } from "../proxy/identity-keys.js";
import { ALGORITHMS, type Algorithm } from "../proxy/jwt.js";
import { type CommandIo, DATA_DIR } from "./studio-store.js";

export const KEYS_HELP = `parley keys list [FLOW]
parley keys add FLOW --issuer NAME                                      makes a secret for HS256 and prints it once
parley keys add FLOW --issuer NAME --alg EdDSA|ES256 --public-key FILE  takes a public key (PEM)
parley keys remove FLOW KID

Your site's server signs who its visitor is with these keys, for "identify". A flow has two at most: add the new one, let
your server sign with it, then remove the old one. A running server takes up a change by itself.
--issuer: what "iss" in the tokens is, as https://shop.example
--data-dir, DATA_DIR: the server's data folder (./data); IDENTITY_KEYS: another file than ${IDENTITY_KEYS} in it
`;

/**
 * `parley keys …`: the keys by which visitors are identified.
 * @throws UserError
 */
export async function runKeys(args: readonly string[], io: CommandIo): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) return io.stdout(KEYS_HELP);
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...DATA_DIR, issuer: text, alg: text, "public-key": text },
    allowPositionals: true,
  });
  const [command, flow, kid] = positionals;
  const file = keyFile(values["data-dir"], io);
  if (command === "list" && kid === undefined) {
    for (const key of await readKeys(file)) {
      if (flow !== undefined && key.flow !== flow) continue;
      io.stdout(
        `${key.flow.padEnd(24)} ${key.kid.padEnd(10)} ${key.alg.padEnd(6)} ${key.issuer}  added ${key.added}\n`,
      );
    }
  } else if (command === "add" && flow !== undefined && kid === undefined && values.issuer !== undefined) {
    const made = await newKey(flow, { ...values, issuer: values.issuer }, io);
    const keys = await readKeys(file);
    if (keys.filter((key) => key.flow === flow).length >= MAX_KEYS) {
      throw new UserError("two-keys", `${flow} has ${MAX_KEYS} keys already: remove one first ("parley keys list").`);
    }
    await writeKeys(file, [...keys, made]);
    io.stdout(`Added key ${made.kid} (${made.alg}) for ${flow}.\n`);
    if (made.alg === "HS256") io.stdout(`Secret, base64url, shown this once: ${made.key}\n`);
  } else if (command === "remove" && flow !== undefined && kid !== undefined && positionals.length === 3) {
    const keys = await readKeys(file);
    const left = keys.filter((key) => key.flow !== flow || key.kid !== kid);
    if (left.length === keys.length) throw new UserError("no-such-key", `${flow} has no key ${JSON.stringify(kid)}.`);
    await writeKeys(file, left);
    io.stdout(`Removed key ${kid} of ${flow}: what it signs identifies nobody any more.\n`);
  } else throw new UserError("bad-call", `This is how it is called:\n${KEYS_HELP}`, { exitCode: 2 });
}

function keyFile(flag: string | undefined, io: CommandIo): string {
  if (io.env.IDENTITY_KEYS) return resolve(io.cwd, io.env.IDENTITY_KEYS);
  const folder = resolve(io.cwd, flag ?? (io.env.DATA_DIR || "./data"));
  if (!existsSync(folder)) makeFolder(folder);
  return join(folder, IDENTITY_KEYS);
}

async function newKey(
  flow: string,
  given: { readonly issuer: string; readonly alg?: string | undefined; readonly "public-key"?: string | undefined },
  io: CommandIo,
): Promise<StoredKey> {
  const alg = ALGORITHMS.find((one) => one === (given.alg ?? "HS256"));
  const pem = given["public-key"];
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(flow)) throw wrong(`${JSON.stringify(flow)} is no flow's id.`);
  if (alg === undefined) throw wrong(`An algorithm is one of ${ALGORITHMS.join(", ")}.`);
  if ((alg === "HS256") !== (pem === undefined)) {
    throw wrong(alg === "HS256" ? "For HS256 a secret is made: leave --public-key out." : `${alg} needs --public-key.`);
  }
  const key: StoredKey = {
    flow,
    kid: randomBytes(4).toString("hex"),
    alg,
    issuer: given.issuer,
    key: pem === undefined ? randomBytes(32).toString("base64url") : await readPem(resolve(io.cwd, pem), alg),
    added: new Date(io.now()).toISOString(),
  };
  return key;
}

async function readPem(file: string, alg: Algorithm): Promise<string> {
  try {
    const key = await readFile(file, "utf8");
    if (/PRIVATE/.test(key)) throw new Error("it holds a private key, which stays with your own server");
    checked({ flow: "-", kid: "-", alg, issuer: "-", key, added: "" });
    return key;
  } catch (cause) {
    throw new UserError("bad-key", `${file} is no public key for ${alg}: ${reason(cause)}.`, { cause });
  }
}

const wrong = (text: string): UserError => new UserError("bad-call", text, { exitCode: 2 });
