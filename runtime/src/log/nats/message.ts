import { hash } from "node:crypto";

/** A message of the log: the records of one append as JSON, one a line, so that every client prints them readably. */
export const encode = (texts: readonly string[]): string => texts.join("\n");

export function decode<R>(text: string): R[] {
  return text.split("\n").map((line) => JSON.parse(line) as R);
}

/** What the server drops a repeat by: an append is repeated under the ids of its records, by whoever appends it. */
export const messageId = (subject: string, parts: readonly string[]): string =>
  hash("sha256", `${subject}\n${parts.join("\n")}`, "base64url");
