import { little16, u8 } from "./bytes.js";
import type { Found } from "./read-picture.js";

const [EXTENSION, FRAME, TRAILER] = [0x21, 0x2c, 0x3b];
/** Bytes of the table of colours that a field of flags tells of. */
const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/**
 * Reads a GIF by its blocks (CompuServe, GIF89a). It is as large as its screen and all frames: some programs draw a frame
 * that lies outside of the screen.
 * @param bytes beginning with the signature
 */
export function readGif(bytes: Uint8Array): Found {
  let [width, height] = [little16(bytes, 6), little16(bytes, 8)];
  let frames = 0;
  for (let at = 13 + tableBytes(u8(bytes, 10)); at < bytes.length; ) {
    const block = u8(bytes, at);
    if (block === TRAILER) {
      if (frames === 0) return "damaged";
      return at + 1 < bytes.length ? "more-behind" : { width, height };
    }
    if (block === EXTENSION) at = afterParts(bytes, at + 2);
    else if (block === FRAME) {
      frames += 1;
      width = Math.max(width, little16(bytes, at + 1) + little16(bytes, at + 5));
      height = Math.max(height, little16(bytes, at + 3) + little16(bytes, at + 7));
      // Behind its head and colours one byte, the size of its codes.
      at = afterParts(bytes, at + 10 + tableBytes(u8(bytes, at + 9)) + 1);
    } else return "damaged";
  }
  return "damaged";
}

/** Behind the parts of a block: each says how long it is, and the last is empty. */
function afterParts(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && u8(bytes, at) !== 0) at += 1 + u8(bytes, at);
  return at + 1;
}
