import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ROOT } from "./prepare.mjs";

/** A class of holes, as the name of a test says it. */
const CLASS = /["`]\[P1[45]\] \[([^\]"]+)\]/g;
const FOLDERS = ["shared/src", "runtime/src", "widget/src", "studio/src", "e2e", "scripts"];
const page = readFileSync(path.join(ROOT, "SECURITY.md"), "utf8");

test("SECURITY.md names each class of holes with the tests that name it, and no test names another", () => {
  /** @type {Record<string, string[]>} */
  const named = {};
  for (const folder of FOLDERS) {
    for (const name of readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
      if (!/\.(test|spec)\.(tsx?|mjs)$/.test(name) || name.includes("node_modules")) continue;
      const file = `${folder}/${name}`;
      const classes = [...readFileSync(path.join(ROOT, file), "utf8").matchAll(CLASS)].map(([, one = ""]) => one);
      for (const one of new Set(classes)) named[one] = [...(named[one] ?? []), file];
    }
  }
  const rows = [...page.matchAll(/^\| ([^|]+?) +\| ((?:CVE|GHSA)-[^|]+?) +\| ([^|]+?) +\|$/gm)];
  const listed = Object.fromEntries(
    rows.map(([, one = "", , files = ""]) => [one, [...files.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file)]),
  );
  assert.ok(rows.length >= 17);
  assert.equal(Object.keys(listed).length, rows.length);
  const sorted = (/** @type {Record<string, string[]>} */ all) =>
    Object.entries(all)
      .map(([one, files]) => `${one}: ${files.toSorted().join(", ")}`)
      .toSorted();
  assert.deepEqual(sorted(listed), sorted(named));
});
