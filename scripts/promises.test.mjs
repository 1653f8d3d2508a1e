import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ROOT } from "./prepare.mjs";
import { BREAKS } from "./torture/breaks.mjs";
import { FIGURES, PAGE, withFigures } from "./torture/page.mjs";

/** Without what the formatter does: its columns are as wide as what is in them. @param {string} text */
const plain = (text) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
const page = plain(readFileSync(PAGE, "utf8"));
const read = (/** @type {string} */ file) => readFileSync(path.join(ROOT, file), "utf8");

test("the page names each promise, and for each tests that name it", () => {
  const rows = [...page.matchAll(/^\| (P\d+) \|.*\| ([^|]*) \|$/gm)].map(([, promise, tests]) => ({ promise, tests }));
  assert.deepEqual(
    rows.map(({ promise }) => promise),
    Array.from({ length: 17 }, (_, i) => `P${i + 1}`),
  );
  for (const { promise, tests = "" } of rows) {
    for (const [, file = ""] of tests.matchAll(/`([^`]+)`/g)) {
      if (!file.includes("/")) continue; // A bench.
      assert.ok(existsSync(path.join(ROOT, file)), `${promise}: ${file} is not there`);
      if (promise === "P2") continue; // Named there by what it reads back.
      const names = read(file).includes(`[${promise}]`) || read(file).includes(`(${promise}`);
      assert.ok(names, `${file} does not name ${promise}`);
    }
  }
});

test("the table of torture is made of its figures, none of which tells of a loss", () => {
  const lines = readFileSync(FIGURES, "utf8");
  assert.equal(plain(withFigures(page, lines)), page);
  for (const line of lines.split("\n").filter((line) => line !== "")) {
    const { seed, lost, doubled, kills, acked } = JSON.parse(line);
    assert.deepEqual({ seed, lost, doubled }, { seed, lost: 0, doubled: 0 });
    assert.ok(acked > 0 && kills >= 0);
  }
});

test("each break has its one place in the code", () => {
  for (const { what, file, from } of BREAKS) assert.equal(read(file).split(from).length, 2, `${what}: ${file}`);
});
