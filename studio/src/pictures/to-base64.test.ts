import { expect, it } from "vitest";
import { toBase64 } from "./to-base64.js";

it.each([0, 1, 2, 3, 0x8000, 0x8001, 200_000])("%i bytes in base64", async (length) => {
  const bytes = Uint8Array.from({ length }, (_, n) => (n * 7) % 256);
  expect(await toBase64(new Blob([bytes]))).toBe(Buffer.from(bytes).toString("base64"));
});
