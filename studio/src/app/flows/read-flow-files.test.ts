import { expect, it } from "vitest";
import { readFlowFiles } from "./read-flow-files.js";

const file = (name: string, text: string) => new File([text], name);

it("a flow file as it is, broken or not", async () => {
  expect(await readFlowFiles([file("a.json", "{ broken")])).toEqual({ file: { text: "{ broken", name: "a.json" } });
});

it("with the drawing and settings that lie beside it", async () => {
  const files = [file("a.layout.json", '{"positions":{}}'), file("a.json", "{}"), file("a.settings.json", "{}")];
  expect(await readFlowFiles(files)).toEqual({
    file: { text: "{}", name: "a.json", layout: { positions: {} }, settings: {} },
  });
});

it("everything in one file", async () => {
  const whole = { name: "a.json", text: "{ broken", layout: { positions: {} }, settings: {}, tests: { greets: {} } };
  expect(await readFlowFiles([file("a.parley.json", JSON.stringify(whole))])).toEqual({ file: whole });
  const flow = '{"text":{"sendRequest":{"kind":"BotText","content":""}}}';
  expect(await readFlowFiles([file("a.json", flow)])).toEqual({ file: { text: flow, name: "a.json" } });
  const pictures = { "a.png": "AAAA", "b.png": "BBBB" };
  const text = JSON.stringify({ ...whole, assets: { ...pictures, odd: 1 } });
  expect(await readFlowFiles([file("a.parley.json", text)])).toEqual({ file: whole, pictures });
  const named = `${"ab".repeat(32)}.png`;
  const beside = [file("a.json", "{}"), file(named, "abc"), file("other.png", "x")];
  expect(await readFlowFiles(beside)).toEqual({ file: { text: "{}", name: "a.json" }, pictures: { [named]: "YWJj" } });
  // More than a flow may have: pictures take room.
  const large = JSON.stringify({ ...whole, assets: { "a.png": "A".repeat(10_000_001) } });
  expect(await readFlowFiles([file("a.parley.json", large)])).toHaveProperty("pictures");
});

it.each([
  ["nothing", [], /Choose the file/],
  ["no flow", [file("a.txt", "")], /Choose the file/],
  ["only a drawing", [file("a.layout.json", "{}")], /Choose the file/],
  ["two flows", [file("a.json", "{}"), file("b.json", "{}")], /one flow at a time/],
  ["one that is too large", [file("a.json", "x".repeat(10_000_001))], /a\.json is too large/],
  ["a drawing that is no JSON", [file("a.json", "{}"), file("a.layout.json", "{")], /a\.layout\.json is not readable/],
])("%s is refused with a sentence", async (_what, files, words) => {
  await expect(readFlowFiles(files)).rejects.toThrow(words);
});
