import { hash, verify } from "@node-rs/argon2";

/** Argon2id with the library's defaults, which are OWASP's: 19 MiB, two passes, one lane. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFKC"));

let nobody: Promise<string> | undefined;

/**
 * Whether the password is the one of `stored`. Without `stored` (no such person, or one without a password) it takes as
 * long and says no, so that names cannot be told apart by time.
 */
export async function passwordFits(stored: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword("nobody has this");
  const fits = await verify(stored ?? (await nobody), password.normalize("NFKC")).catch(() => false);
  return fits && stored !== undefined;
}
