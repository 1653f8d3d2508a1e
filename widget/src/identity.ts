import type { Identity } from "./options.js";

/** What came of asking the page who is here: a signed identity, or why there is none. Never rejects. */
export type Asked = { readonly jwt: string | undefined; readonly failed?: string };

export async function askIdentity(ask: Exclude<Identity, string>): Promise<Asked> {
  try {
    const jwt: unknown = await ask();
    return typeof jwt === "string" ? { jwt } : { jwt: undefined, failed: "The page gave no text." };
  } catch (cause) {
    return { jwt: undefined, failed: String(cause) };
  }
}
