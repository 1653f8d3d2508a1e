import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { ROOT } from "./prepare.mjs";

const { packages } = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"));

test("the lock file has no download addresses", () => {
  const addresses = Object.values(packages).filter(({ resolved }) => /^https?:/.test(resolved ?? ""));
  assert.deepEqual(addresses, []);
});

// npm writes only this machine's binaries when it makes a lock file beside an installed node_modules.
test("the lock file has the optional packages of every platform", () => {
  const missing = [];
  for (const [place, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      let folder = place;
      while (folder !== "" && !packages[`${folder}/node_modules/${name}`]) {
        folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")));
      }
      if (!packages[`${folder ? `${folder}/` : ""}node_modules/${name}`]) missing.push(name);
    }
  }
  assert.deepEqual(missing, []);
});

/** Licences under which what is delivered may hold somebody's work. */
const ALLOWED = new Set([
  ...["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Unlicense", "CC0-1.0"],
  // elkjs: used as it is, in a file of its own.
  "EPL-2.0",
]);

test("everything that is delivered is under a licence that allows it", () => {
  const odd = Object.entries(packages)
    .filter(([place, { dev, link }]) => place !== "" && !dev && !link)
    .filter(
      ([, { license = "" }]) =>
        !license
          .replace(/[()]/g, "")
          .split(" OR ")
          .some((/** @type {string} */ one) => ALLOWED.has(one)),
    )
    .map(([place, { license }]) => `${place}: ${license}`);
  assert.deepEqual(odd, []);
});
