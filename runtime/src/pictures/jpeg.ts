import { big16, u8 } from "./bytes.js";
import type { Found } from "./read-picture.js";

const [SOI, EOI, SOS, TEM] = [0xd8, 0xd9, 0xda, 0x01];
/** Frames that begin a picture; of them browsers draw baseline, extended and progressive. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isDrawn = (marker: number): boolean => marker <= 0xc2;
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/**
 * Reads a JPEG by its segments (ITU-T T.81, annex B).
 * @param bytes beginning with SOI
 */
export function readJpeg(bytes: Uint8Array): Found {
  let size: Found | undefined;
  let scanned = false;
  for (let at = 2; at + 2 <= bytes.length; ) {
    const marker = u8(bytes, at + 1);
    if (u8(bytes, at) !== 0xff) return "damaged";
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    at += 2;
    if (marker === EOI) {
      if (size === undefined || !scanned) return "damaged";
      return at < bytes.length ? "more-behind" : size;
    }
    if (marker === 0 || marker === SOI || marker === TEM || isRestart(marker)) return "damaged";
    const length = big16(bytes, at);
    if (length < 2 || at + length > bytes.length) return "damaged";
    if (isFrame(marker)) {
      if (size !== undefined || !isDrawn(marker)) return "damaged";
      size = readFrame(bytes, at, length);
    }
    at += length;
    if (marker !== SOS) continue;
    if (size === undefined) return "damaged";
    scanned = true;
    at = endOfScan(bytes, at);
  }
  return "damaged";
}

function readFrame(bytes: Uint8Array, at: number, length: number): Found {
  const parts = u8(bytes, at + 7);
  const known = u8(bytes, at + 2) === 8 && [1, 3, 4].includes(parts) && length === 8 + 3 * parts;
  return known ? { width: big16(bytes, at + 5), height: big16(bytes, at + 3) } : "damaged";
}

/** Where the next marker is that is none of the scan's own. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = u8(bytes, at + 1);
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
}
