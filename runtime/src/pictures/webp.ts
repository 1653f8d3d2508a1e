import { little16, little24, little32, says, u8 } from "./bytes.js";
import type { Found, Size } from "./read-picture.js";

/** From here to there in the file. */
type Span = { readonly from: number; readonly to: number };

/**
 * Reads a WebP by its chunks (Google, WebP Container Specification; RFC 6386, section 9.1, for VP8; WebP Lossless
 * Bitstream Specification, section 3, for VP8L).
 * @param bytes beginning with RIFF and WEBP
 */
export function readWebp(bytes: Uint8Array): Found {
  const end = 8 + little32(bytes, 4);
  if (end > bytes.length || end % 2 === 1) return "damaged";
  if (end < bytes.length) return "more-behind";
  if (!says(bytes, 12, "VP8X")) {
    // Without that there is one chunk, the picture.
    const image = readImage(bytes, { from: 12, to: end });
    return image?.to === end ? image.size : "damaged";
  }
  const first = chunkAt(bytes, 12, end);
  if (!first || first.to - first.from < 10) return "damaged";
  const canvas = { width: little24(bytes, first.from + 4) + 1, height: little24(bytes, first.from + 7) + 1 };
  return fits(bytes, { from: evenly(first.to), to: end }, canvas) ? canvas : "damaged";
}

/** Whether there is a picture, or are frames, and each is no larger than the canvas. */
function fits(bytes: Uint8Array, { from, to }: Span, canvas: Size): boolean {
  let images = 0;
  for (let at = from; at < to; ) {
    const chunk = chunkAt(bytes, at, to);
    if (!chunk) return false;
    const frame = says(bytes, at, "ANMF");
    if (frame || says(bytes, at, "VP8 ") || says(bytes, at, "VP8L")) {
      // A frame begins with its place and size; what is in it has to be as large.
      const image = readImage(bytes, frame ? { from: chunk.from + 16, to: chunk.to } : { from: at, to });
      if (!image || image.size.width > canvas.width || image.size.height > canvas.height) return false;
      images += 1;
    }
    at = evenly(chunk.to);
  }
  return images > 0;
}

/** The first VP8 or VP8L within; what is before it (ALPH) is skipped. */
function readImage(bytes: Uint8Array, { from, to }: Span): { readonly size: Size; readonly to: number } | undefined {
  for (let at = from; at < to; ) {
    const chunk = chunkAt(bytes, at, to);
    if (!chunk) return undefined;
    const lossy = says(bytes, at, "VP8 ");
    if (lossy || says(bytes, at, "VP8L")) {
      const size = lossy ? lossySize(bytes, chunk) : losslessSize(bytes, chunk);
      return size && { size, to: evenly(chunk.to) };
    }
    if (!says(bytes, at, "ALPH")) return undefined;
    at = evenly(chunk.to);
  }
  return undefined;
}

/** What is in the chunk that begins there, without its head. */
function chunkAt(bytes: Uint8Array, at: number, end: number): Span | undefined {
  const chunk = { from: at + 8, to: at + 8 + little32(bytes, at + 4) };
  return evenly(chunk.to) > end ? undefined : chunk;
}

/** A chunk of odd length is followed by one byte more. */
const evenly = (at: number): number => at + (at % 2);

function lossySize(bytes: Uint8Array, { from, to }: Span): Size | undefined {
  const isKey = (u8(bytes, from) & 1) === 0 && says(bytes, from + 3, "\x9d\x01\x2a");
  if (to - from < 10 || !isKey) return undefined;
  return { width: little16(bytes, from + 6) & 0x3fff, height: little16(bytes, from + 8) & 0x3fff };
}

function losslessSize(bytes: Uint8Array, { from, to }: Span): Size | undefined {
  // 14 bits each of width and height, less one; an alpha bit; three bits of version, 0.
  const bits = little32(bytes, from + 1);
  if (to - from < 5 || u8(bytes, from) !== 0x2f || bits >= 2 ** 29) return undefined;
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
