// The conversation as the loader brings it: with the digests of what comes after it.
export { mount } from "./conversation.js";

declare const PART_DIGESTS: Readonly<Record<string, string>>;
/** SHA-256 (base64) of the parts that are brought on demand, by name; put in by the build. */
export const PARTS: Readonly<Record<string, string>> = PART_DIGESTS;
