import { crc32 } from "node:zlib";
import { big32, says, u8 } from "./bytes.js";
import type { Found } from "./read-picture.js";

/** Bits a sample that each colour type may have. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * Reads a PNG by its chunks, each with its check sum (W3C, Portable Network Graphics, third edition, sections 5.3, 11.2).
 * @param bytes beginning with the signature
 */
export function readPng(bytes: Uint8Array): Found {
  let size: Found = "damaged";
  let data = false;
  for (let at = 8, next = 0; at + 12 <= bytes.length; at = next) {
    const length = big32(bytes, at);
    next = at + 12 + length;
    if (next > bytes.length || crc32(bytes.subarray(at + 4, next - 4)) !== big32(bytes, next - 4)) return "damaged";
    const header = says(bytes, at + 4, "IHDR");
    // The first, and there is no second.
    if (header !== (at === 8)) return "damaged";
    if (header) size = readHeader(bytes, at + 8, length);
    if (says(bytes, at + 4, "IDAT")) data = true;
    if (!says(bytes, at + 4, "IEND")) continue;
    if (length !== 0 || !data) return "damaged";
    return next < bytes.length ? "more-behind" : size;
  }
  return "damaged";
}

function readHeader(bytes: Uint8Array, at: number, length: number): Found {
  const [width, height] = [big32(bytes, at), big32(bytes, at + 4)];
  const [depth, colour, compression, filter, interlace] = [8, 9, 10, 11, 12].map((n) => u8(bytes, at + n));
  const known = DEPTHS[colour!]?.includes(depth!) && compression === 0 && filter === 0 && interlace! <= 1;
  return length === 13 && known ? { width, height } : "damaged";
}
