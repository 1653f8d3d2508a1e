import { ApiError } from "../api.js";

/** So many bytes become text at once: each is an argument of a call. */
const AT_ONCE = 0x8000;

/** The bytes of a file in base64. @throws ApiError when the file cannot be read */
export async function toBase64(file: Blob): Promise<string> {
  const buffer = await file.arrayBuffer().catch(() => {
    throw new ApiError("problem", "The file cannot be read.");
  });
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(text);
}
