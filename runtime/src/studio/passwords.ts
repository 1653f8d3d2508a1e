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
  const none = await nobody; // Also where it is not needed: the first to be asked for would take longer without a name.
  const fits = await verify(stored ?? none, password.normalize("NFKC")).catch(() => false);
  return fits && stored !== undefined;
}
