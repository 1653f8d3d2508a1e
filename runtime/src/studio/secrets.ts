import { randomBytes } from "node:crypto";
import { sha256 } from "../registry/registry.js";

/** A secret that nobody guesses: 256 bits, base64url. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** What is stored of it. A secret this long needs no salt and no slow hash. */
export const hashOf = (secret: string): string => sha256(`parley ${secret}`);

/** An id of a person or a token. */
export const newId = (): string => randomBytes(9).toString("base64url");
