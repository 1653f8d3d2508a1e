import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { QrCode } from "./QrCode.js";

const sizeOf = (text: string) =>
  Number(/viewBox="-4 -4 (\d+) /.exec(renderToStaticMarkup(<QrCode text={text} label="Code" />))?.[1]);

test("a code has room of white around it and grows with its text", () => {
  // The smallest code is 21 modules wide.
  expect(sizeOf("a")).toBe(21 + 8);
  expect(sizeOf("https://bots.example/shared#".padEnd(90, "x"))).toBeGreaterThan(29 + 8);
});

test("a code says by its label what it opens", () => {
  expect(renderToStaticMarkup(<QrCode text="https://bots.example" label='Open "it"' />)).toContain(
    'role="img" aria-label="Open &quot;it&quot;"',
  );
});
