import assert from "node:assert/strict";
import { test } from "node:test";
import { serveArguments } from "./serve-arguments.mjs";

for (const [given, expected] of [
  [[], ["serve", "d.json"]],
  [
    ["--port", "0"],
    ["serve", "d.json", "--port", "0"],
  ],
  [["--port=0"], ["serve", "d.json", "--port=0"]],
  [["--port"], ["serve", "d.json", "--port"]],
  [["--help"], ["serve", "d.json", "--help"]],
  [
    ["a.json", "--port", "1"],
    ["serve", "a.json", "--port", "1"],
  ],
  [
    ["--port", "1", "a.json"],
    ["serve", "--port", "1", "a.json"],
  ],
  [
    ["--port", "1", "folder"],
    ["serve", "--port", "1", "folder"],
  ],
  [
    ["--no-such-flag", "a.json"],
    ["serve", "--no-such-flag", "a.json"],
  ],
  [
    ["--", "a.json"],
    ["serve", "--", "a.json"],
  ],
]) {
  test(`npm start -- ${given.join(" ")}`, () => assert.deepEqual(serveArguments(given, "d.json"), expected));
}
