import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { animatedWebp, gif, png, pngChunk, SAMPLES, webp, webpPart } from "../testing/sample-pictures.js";
import { readPicture } from "./read-picture.js";

const [PNG, JPEG, GIF, WEBP] = [png(), SAMPLES["a JPEG"]![1], gif(), SAMPLES["a WebP with a profile"]![1]];
const join = (...parts: (Uint8Array | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
const ZIP = join("PK\x05\x06", Buffer.alloc(18));
/** With one part of it in another's place. */
const replaced = (of: Buffer, at: number, ...bytes: number[]): Buffer => {
  const copy = Buffer.from(of);
  copy.set(bytes, at);
  return copy;
};

describe("a picture's kind and size come from its bytes", () => {
  it.each(Object.entries(SAMPLES))("%s", (_name, [type, bytes]) => {
    expect(readPicture(bytes)).toEqual({ type, width: 8, height: 6 });
    // And from a part of a larger buffer.
    const held = join("....", bytes, "....");
    expect(readPicture(held.subarray(4, 4 + bytes.length))).toEqual({ type, width: 8, height: 6 });
  });

  it("a GIF is as large as its frames", () => {
    expect(readPicture(gif(8, 6, { width: 20, height: 3 }))).toEqual({ type: "gif", width: 20, height: 6 });
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["a text", join("Hello")],
    ["HTML", join("<!doctype html><script>alert(1)</script>")],
    ["HTML before a PNG", join("<script>alert(1)</script>", PNG)],
    ["a line break before a JPEG", join("\n", JPEG)],
    ["a PDF", join("%PDF-1.7\n")],
    ["a BMP", join("BM", Buffer.alloc(60))],
    ["a TIFF", join("II*\0", Buffer.alloc(60))],
    ["an AVIF", join("\0\0\0\x1cftypavif", Buffer.alloc(60))],
    ["a sound", join("RIFF\x24\0\0\0WAVEfmt ", Buffer.alloc(24))],
    ["a zip", ZIP],
    ["a script that begins like a GIF", join("GIF89=1;alert(1)")],
  ])("%s is none", (_name, bytes) => expect(readPicture(bytes)).toEqual({ flaw: "no-picture" }));

  it.each([
    "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "<?xml version='1.0'?>\n<!-- a note -->\n<SVG >",
    `${" ".repeat(500)}<svg>`,
  ])("[P15] [stored script] an SVG is no picture, however it begins: %s", (text) =>
    expect(readPicture(join(text))).toEqual({ flaw: "svg" }),
  );
});

describe("the whole file is the picture", () => {
  const whole = Object.entries(SAMPLES);
  it.each(whole)("%s with something behind it", (_name, [, bytes]) => {
    for (const more of ["\0", "\n", "<script>alert(1)</script>", "*/=1;alert(1)", ZIP, bytes]) {
      expect(readPicture(join(bytes, more))).toEqual({ flaw: "more-behind" });
    }
  });

  it.each(whole)("%s cut off anywhere", (_name, [, bytes]) => {
    for (let end = 0; end < bytes.length; end++) {
      expect(readPicture(bytes.subarray(0, end)), String(end)).toEqual({
        flaw: expect.stringMatching(/^(no-picture|damaged)$/),
      });
    }
  });

  it("a GIF that is a script too", () => {
    // "GIF89a=1;…" and "GIF89a/*…*/=1;…": the size of the screen is the first letters of the script.
    for (const script of ["=1;alert(1)//", "/*\0\0\0\0*/=1;alert(1)//"]) {
      expect(readPicture(join("GIF89a", script, Buffer.alloc(40)))).toHaveProperty("flaw");
    }
    expect(readPicture(join(replaced(GIF, 6, 0x2f, 0x2a), "*/=1;alert(1)"))).toEqual({ flaw: "more-behind" });
  });

  it("a PNG whose end is not its end", () => {
    const early = join(PNG.subarray(0, 33), pngChunk("IEND"), PNG.subarray(33));
    expect(readPicture(early)).toEqual({ flaw: "damaged" });
    expect(readPicture(join(PNG, pngChunk("IDAT"), pngChunk("IEND")))).toEqual({ flaw: "more-behind" });
  });
});

describe("what is not as its format says is damaged", () => {
  it.each<[string, Buffer]>([
    ["a PNG with a wrong check sum", replaced(PNG, 29, 1, 2, 3, 4)],
    ["a PNG without pixels", join(PNG.subarray(0, 33), pngChunk("IEND"))],
    ["a PNG with two heads", join(PNG.subarray(0, 33), PNG.subarray(8))],
    ["a PNG that begins with something else", join(PNG.subarray(0, 8), pngChunk("tEXt"), PNG.subarray(8))],
    [
      "a PNG of no known colours",
      join(PNG.subarray(0, 8), pngChunk("IHDR", join("\0\0\0\x08\0\0\0\x06\x08\x05\0\0\0"))),
    ],
    ["a PNG of no width", png(0, 6)],
    ["a chunk longer than the file", replaced(PNG, 33, 0xff, 0xff, 0xff, 0xff)],
    ["a JPEG of a head only", join("\xff\xd8\xff\xd9")],
    [
      "a JPEG of a kind that no browser draws",
      join(JPEG).fill(0xc3, JPEG.indexOf("\xff\xc0", 0, "latin1") + 1, JPEG.indexOf("\xff\xc0", 0, "latin1") + 2),
    ],
    ["a JPEG of no height", replaced(JPEG, JPEG.indexOf("\xff\xc0", 0, "latin1") + 5, 0, 0)],
    ["a JPEG in which pixels come before the size", join("\xff\xd8\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\xff\xd9")],
    ["a JPEG with another in its place", join(JPEG.subarray(0, -2), JPEG)],
    ["a GIF without a frame", join(GIF.subarray(0, 19), "\x3b")],
    ["a GIF with an unknown block", join(GIF.subarray(0, -1), "\x01\x3b")],
    ["a WebP without a picture", webp(["VP8X", Buffer.alloc(10)])],
    ["a WebP with two", webp(["VP8L", lossless()], ["VP8L", lossless()])],
    ["a WebP of another picture's size", webp(["VP8X", Buffer.alloc(10)], ["VP8L", lossless()])],
    ["a moving WebP with a frame larger than it", animatedWebp(4, 6)],
    ["a WebP of no kind", webp(["ICCP", Buffer.alloc(10)])],
    ["a WebP of odd length", replaced(WEBP, 4, WEBP.length - 9)],
  ])("%s", (_name, bytes) => expect(readPicture(bytes)).toEqual({ flaw: "damaged" }));
});
function lossless(): Buffer {
  return webpPart(SAMPLES["a lossless WebP with a profile"]![1], "VP8L");
}

describe("a picture of more pixels than a phone can draw", () => {
  it.each([
    [30_000, 30_000],
    [8_001, 1],
    [1, 8_001],
    [5_001, 5_000],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ])("a PNG of %i × %i", (width, height) => {
    expect(readPicture(png(width, height))).toEqual({ flaw: "too-many-pixels", width, height });
  });

  it("those of the other kinds, and a small screen with a large frame", () => {
    const at = JPEG.indexOf("\xff\xc0", 0, "latin1") + 5;
    const size = { width: 30_000, height: 30_000 };
    expect(readPicture(replaced(JPEG, at, 0x75, 0x30, 0x75, 0x30))).toEqual({ flaw: "too-many-pixels", ...size });
    expect(readPicture(gif(30_000, 30_000))).toEqual({ flaw: "too-many-pixels", ...size });
    expect(readPicture(gif(1, 1, size))).toEqual({ flaw: "too-many-pixels", ...size });
    expect(readPicture(animatedWebp(30_000, 30_000))).toEqual({ flaw: "too-many-pixels", ...size });
    const wide = replaced(lossless(), 1, 0xff, 0xff, 0xff, 0x0f);
    expect(readPicture(webp(["VP8L", wide]))).toEqual({ flaw: "too-many-pixels", width: 16_384, height: 16_384 });
  });

  it("the largest that is taken", () => {
    expect(readPicture(png(5_000, 5_000))).toEqual({ type: "png", width: 5_000, height: 5_000 });
    expect(readPicture(png(8_000, 3_125))).toEqual({ type: "png", width: 8_000, height: 3_125 });
  });
});

/** Counts how often the bytes are looked at. */
function counted(bytes: Uint8Array): { bytes: Uint8Array; reads: () => number } {
  let reads = 0;
  const proxy = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === "string" && /^-?\d+$/.test(key)) reads += 1;
      if (key === "subarray") {
        return (from: number, to: number) => {
          reads += Math.max(0, to - from);
          return target.subarray(from, to);
        };
      }
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { bytes: proxy, reads: () => reads };
}

describe("any bytes", () => {
  const beginnings = [
    "",
    "\x89PNG\r\n\x1a\n",
    "\xff\xd8\xff",
    "GIF89a",
    "RIFF\x40\0\0\0WEBP",
    "RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0",
  ];
  const random = fc
    .tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 400 }))
    .map(([begin, rest]) => join(begin, rest));
  const sound = fc.constantFrom(...Object.values(SAMPLES).map(([, bytes]) => bytes));
  /** Sound ones with some bytes changed, some taken out, some put in. */
  const damaged = fc
    .tuple(
      sound,
      fc.array(fc.tuple(fc.nat(700), fc.integer({ min: 0, max: 255 }), fc.constantFrom("set", "cut", "add"))),
    )
    .map(([bytes, changes]) =>
      changes.reduce((now, [at, value, how]) => {
        const place = at % (now.length + 1);
        const [before, after] = [now.subarray(0, place), now.subarray(how === "add" ? place : place + 1)];
        return how === "cut" ? join(before, after) : join(before, Buffer.from([value]), after);
      }, bytes),
    );

  it("are read to an end, in so many looks a byte, and give a size within the limits or a flaw", () => {
    fc.assert(
      fc.property(fc.oneof(random, damaged), (bytes) => {
        const { bytes: seen, reads } = counted(bytes);
        const found = readPicture(seen);
        expect(found).toEqual(readPicture(bytes));
        // A look is at most one of a few at a place, and no place is come to again.
        expect(reads()).toBeLessThanOrEqual(8 * bytes.length + 200);
        if ("flaw" in found) return;
        expect(found.width * found.height).toBeGreaterThan(0);
        expect(found.width * found.height).toBeLessThanOrEqual(25_000_000);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each<[string, (n: number) => Buffer]>([
    ["empty parts", (n) => join("GIF89a", Buffer.alloc(7), "\x21\xff\0".repeat(n))],
    ["0xff", (n) => join("\xff\xd8", Buffer.alloc(n, 0xff))],
    ["restarts", (n) => join(JPEG.subarray(0, -2), "\xff\xd0".repeat(n))],
    ["empty chunks", (n) => join(PNG.subarray(0, 33), ...Array.from({ length: n }, () => pngChunk("tEXt")))],
    [
      "empty chunks of a WebP",
      (n) => webp(["VP8X", Buffer.alloc(10)], ...Array.from({ length: n }, () => ["EXIF", Buffer.alloc(0)] as const)),
    ],
  ])("many %s cost what they are long", (_name, make) => {
    const cost = (n: number) => {
      const { bytes, reads } = counted(make(n));
      expect(readPicture(bytes)).toEqual({ flaw: "damaged" });
      return reads() / bytes.length;
    };
    expect(cost(20_000)).toBeLessThanOrEqual(1.5 * cost(1_000) + 1);
  });
});
