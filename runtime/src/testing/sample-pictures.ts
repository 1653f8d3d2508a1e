import { crc32, deflateSync } from "node:zlib";

/** Of 8 × 6 pixels each, as Chromium writes them from a canvas; the WebP with a colour profile, so with VP8X. */
const WRITTEN = {
  png: "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAAM0lEQVR4AayNwQkAAAgCo0Hao+3arj2aJAj8SNAnQUQ4UeXQAGkWbOwGQNnyCfCqYOOuAQAA//80GJ6RAAAABklEQVQDAF43FA3si0sCAAAAAElFTkSuQmCC",
  jpeg: "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wAARCAAGAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAf/xAAhEAAABQQCAwAAAAAAAAAAAAAAAQIDBAUREiEGBxMUMf/EABUBAQEAAAAAAAAAAAAAAAAAAAMF/8QAHBEAAgICAwAAAAAAAAAAAAAAAQIAEQMFUnHB/9oADAMBAAIRAxEAPwCw0XinL4vYrlWm17zUE5MhxML3HlWbWS8E4GWOsk6vYra+AAAcIoHuUdkxZ0viPZ//2Q==",
  webp: "UklGRlICAABXRUJQVlA4WAoAAAAgAAAABwAABQAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDggZAAAABACAJ0BKggABgABQCYlsAJ0BcABpBQzrgAA/th/QfZT7tN+V+l9cVMDffnf/6xwcb/0T/5NYdt0/1gV6d/frcXN8KguCNvp1PeHbwcqnNzVTv/x1+iMfyckO+mp9/Nl4vv4AAA=",
  webpLossless:
    "UklGRgYCAABXRUJQVlA4WAoAAAAgAAAABwAABQAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDhMFwAAAC8HQAEAD3CP8N8g3yN8/kMLD/6P6H+EAA==",
  webpAlpha:
    "UklGRjQCAABXRUJQVlA4WAoAAAAwAAAABwAABQAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZBTFBIDAAAAAEPMIAREWJ8IvofHlZQOCAyAAAAcAEAnQEqCAAGAALATCWoAnQBdQAA/u2QPmbD4Crm7q//k2zqXz/+CY/qi5L+f/wAAAA=",
} as const;

const bytes = (name: keyof typeof WRITTEN): Buffer => Buffer.from(WRITTEN[name], "base64");

const number = (value: number, length: 2 | 3 | 4): Buffer => {
  const four = Buffer.alloc(4);
  four.writeUInt32LE(value);
  return four.subarray(0, length);
};
const text = (characters: string): Buffer => Buffer.from(characters, "latin1");

/** A part of a PNG, with its check sum. */
export function pngChunk(type: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([text(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A red PNG that says it is so large, and is, up to 100 rows; with `more` bytes that no program can pack. */
export function png(width = 8, height = 6, more = 0): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(3 * Math.min(width, 10_000)).fill(text("\xc8\x1e\x1e"))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: Math.min(height, 100) }, () => row)));
  const rest = more > 0 ? [pngChunk("tEXt", Buffer.concat([text("Comment\0"), Buffer.alloc(more, "x")]))] : [];
  const chunks = [pngChunk("IHDR", head), ...rest, pngChunk("IDAT", pixels), pngChunk("IEND")];
  return Buffer.concat([text("\x89PNG\r\n\x1a\n"), ...chunks]);
}

/** A GIF of a screen with one frame. */
export function gif(width = 8, height = 6, frame = { width, height }): Buffer {
  const size = (of: { width: number; height: number }) => Buffer.concat([number(of.width, 2), number(of.height, 2)]);
  return Buffer.concat([
    ...[text("GIF89a"), size({ width, height }), Buffer.from([0x80, 0, 0]), text("\xc8\x1e\x1e\xff\xff\xff")],
    // A comment, as programs leave one.
    ...[Buffer.from([0x21, 0xfe, 4]), text("made"), Buffer.from([0])],
    ...[Buffer.from([0x2c, 0, 0, 0, 0]), size(frame), Buffer.from([0, 2, 2, 0x4c, 0x01, 0])],
    Buffer.from([0x3b]),
  ]);
}

/** A WebP of these parts, each a name of four letters and what is in it. */
export function webp(...parts: readonly (readonly [string, Uint8Array])[]): Buffer {
  const chunks = parts.map(([name, data]) =>
    Buffer.concat([text(name), number(data.length, 4), data, Buffer.alloc(data.length % 2)]),
  );
  const body = Buffer.concat([text("WEBP"), ...chunks]);
  return Buffer.concat([text("RIFF"), number(body.length, 4), body]);
}

/** What a WebP holds under a name. */
export function webpPart(of: Uint8Array, name: string): Buffer {
  const file = Buffer.from(of);
  const at = file.indexOf(name);
  return file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4));
}

const canvas = (width: number, height: number, flags = 2): Buffer =>
  Buffer.concat([number(flags, 4), number(width - 1, 3), number(height - 1, 3)]);

/** Two frames of which each is the picture of another WebP. */
export function animatedWebp(width = 8, height = 6): Buffer {
  const image = webpPart(bytes("webp"), "VP8 ");
  const inner = webp(["VP8 ", image]).subarray(12);
  const frame = Buffer.concat([number(0, 3), number(0, 3), number(7, 3), number(5, 3), number(100, 4), inner]);
  return webp(["VP8X", canvas(width, height)], ["ANIM", Buffer.alloc(6)], ["ANMF", frame], ["ANMF", frame]);
}

/** Sound pictures of 8 × 6 pixels, by what is particular to each, with their type. */
export const SAMPLES: Readonly<Record<string, readonly ["png" | "jpeg" | "gif" | "webp", Buffer]>> = {
  "a PNG": ["png", bytes("png")],
  "a PNG without transparency": ["png", png()],
  "a JPEG": ["jpeg", bytes("jpeg")],
  "a GIF": ["gif", gif()],
  "a WebP, lossy": ["webp", webp(["VP8 ", webpPart(bytes("webp"), "VP8 ")])],
  "a WebP, lossless": ["webp", webp(["VP8L", webpPart(bytes("webpLossless"), "VP8L")])],
  "a WebP with a profile": ["webp", bytes("webp")],
  "a lossless WebP with a profile": ["webp", bytes("webpLossless")],
  "a WebP with transparency": ["webp", bytes("webpAlpha")],
  "a WebP that moves": ["webp", animatedWebp()],
};
