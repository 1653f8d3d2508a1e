import { PICTURE_LIMITS, type PictureType } from "@parley/shared/flow/pictures";
import { says } from "./bytes.js";
import { readGif } from "./gif.js";
import { readJpeg } from "./jpeg.js";
import { readPng } from "./png.js";
import { readWebp } from "./webp.js";

/** In pixels. */
export type Size = { readonly width: number; readonly height: number };
/** What a format's reader finds: how large it is; or that it is not as its format says, or that something follows its end. */
export type Found = Size | "damaged" | "more-behind";
export type ReadPicture = Size & { readonly type: PictureType };
/** Why bytes are not taken as a picture. */
export type Flaw =
  | { readonly flaw: "no-picture" | "svg" | "damaged" | "more-behind" }
  | ({ readonly flaw: "too-many-pixels" } & Size);

/** How a file of each type begins, and who reads on. */
const FORMATS: readonly {
  readonly type: PictureType;
  readonly begins: (bytes: Uint8Array) => boolean;
  readonly read: (bytes: Uint8Array) => Found;
}[] = [
  { type: "png", begins: (bytes) => says(bytes, 0, "\x89PNG\r\n\x1a\n"), read: readPng },
  { type: "jpeg", begins: (bytes) => says(bytes, 0, "\xff\xd8\xff"), read: readJpeg },
  { type: "gif", begins: (bytes) => says(bytes, 0, "GIF89a") || says(bytes, 0, "GIF87a"), read: readGif },
  { type: "webp", begins: (bytes) => says(bytes, 0, "RIFF") && says(bytes, 8, "WEBP"), read: readWebp },
];

/**
 * Reads what kind of picture some bytes are and how large, from the bytes alone: nothing of it is decoded, and no name or
 * content type counts. The whole file has to be the picture, from its first byte to its last. Pure, never throws, and its
 * cost is linear in the length.
 */
export function readPicture(bytes: Uint8Array): ReadPicture | Flaw {
  const format = FORMATS.find(({ begins }) => begins(bytes));
  if (!format) return { flaw: isSvg(bytes) ? "svg" : "no-picture" };
  const found = format.read(bytes);
  if (typeof found === "string") return { flaw: found };
  const { width, height } = found;
  if (width === 0 || height === 0) return { flaw: "damaged" };
  const { side, pixels } = PICTURE_LIMITS;
  const large = width > side || height > side || width * height > pixels;
  return large ? { flaw: "too-many-pixels", width, height } : { type: format.type, width, height };
}

/** Only to say the better sentence of it: it is refused either way. */
const isSvg = (bytes: Uint8Array): boolean =>
  /<svg[\s>]/i.test(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString("latin1"));
