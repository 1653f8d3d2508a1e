/** Numbers as the formats of pictures write them; 0 beyond the end, so that no reader runs over it. */
export const u8 = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
export const big16 = (bytes: Uint8Array, at: number): number => u8(bytes, at) * 0x100 + u8(bytes, at + 1);
export const big32 = (bytes: Uint8Array, at: number): number => big16(bytes, at) * 0x10000 + big16(bytes, at + 2);
export const little16 = (bytes: Uint8Array, at: number): number => u8(bytes, at) + u8(bytes, at + 1) * 0x100;
export const little24 = (bytes: Uint8Array, at: number): number => little16(bytes, at) + u8(bytes, at + 2) * 0x10000;
export const little32 = (bytes: Uint8Array, at: number): number =>
  little16(bytes, at) + little16(bytes, at + 2) * 0x10000;

/** Whether these characters stand there, one byte each. */
export function says(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
