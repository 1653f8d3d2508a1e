import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ROOT } from "./prepare.mjs";
import { BREAKS } from "./torture/breaks.mjs";
import { FIGURES, PAGE, piecesOf, withFigures } from "./torture/page.mjs";

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

test("the tables of torture are made of its figures, none of which tells of a loss", () => {
  const lines = readFileSync(FIGURES, "utf8");
  assert.equal(plain(withFigures(page, lines)), page);
  for (const { seed, lost, doubled, acked, minutes, code, kind } of piecesOf(lines)) {
    assert.deepEqual({ seed, lost, doubled }, { seed, lost: 0, doubled: 0 });
    assert.ok(acked > 0 && minutes > 0, `seed ${seed}`);
    assert.match(code, /^[0-9a-f]{12}$/);
    assert.ok(["faults", "soak"].includes(kind), kind);
  }
});

test("pieces add up while the code they played is the same, and older ones stand apart", () => {
  const common = { log: "nats", minutes: 10, lost: 0, doubled: 0, acked: 1_000, unclear: 5 };
  const faults = {
    ...common,
    kind: "faults",
    kills: 120,
    faults: { killed: 100, cut: 7 },
    points: { "before ack": 3 },
  };
  const one = { rss: 90, rssPerHour: 0.1, heapPerHour: 0, descriptorsPerMinute: 0 };
  const times = { p99: [4, 4, 4, 4, 6, 6, 6, 6] };
  const soak = { ...common, kind: "soak", minutes: 30, capacity: 2_000, offered: 1_000, ack: times, answer: times };
  const lines = [
    { ...faults, code: "old", commit: "aaa" },
    { ...faults, code: "new", commit: "bbb" },
    { ...faults, code: "new", commit: "ccc" },
    { ...soak, code: "new", commit: "ccc", processes: { proxy: one } },
  ];
  const made = plain(withFigures(page, lines.map((line) => JSON.stringify(line)).join("\n")));
  const figures = made.slice(made.indexOf("<!-- figures"));
  assert.ok(figures.includes("The newest code that was tortured (bbb, ccc):"), figures);
  assert.ok(figures.includes("| nats | 3 | 20 / 60 | 30 / 30 | 240 / 500 | 214 | 3,000 | 0 | 0 | 15 |"), figures);
  assert.ok(figures.includes("Ended on nats at the point: before ack 6."), figures);
  assert.ok(figures.includes("| proxy | 30 | 2,000 | 1,000 | 4 → 6 | 4 → 6 | 90 | 0.1 | 0 | 0 |"), figures);
  assert.ok(figures.includes("Before that (aaa), which does not count for it:"), figures);
  assert.ok(figures.includes("| nats | 1 | 10 / 60 | 0 / 30 | 120 / 500 | 107 |"), figures);
});

test("each break has its one place in the code", () => {
  for (const { what, file, from } of BREAKS) assert.equal(read(file).split(from).length, 2, `${what}: ${file}`);
});
