import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { ensureBuilt, ensureInstalled, nodeComplaint, PrepareError } from "./prepare.mjs";

/** A checkout in miniature whose compiler copies sources and whose widget build writes one file. */
function checkout(context) {
  const root = mkdtempSync(path.join(tmpdir(), "parley-prepare-"));
  context.after(() => rmSync(root, { recursive: true }));
  const put = (name, text) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  };
  put("package.json", JSON.stringify({ name: "x", private: true, workspaces: ["shared"] }));
  put("package-lock.json", JSON.stringify({ name: "x", lockfileVersion: 3, packages: { "": { name: "x" } } }));
  put("node_modules/.package-lock.json", "{}");
  put("shared/src/a.ts", "export {};");
  put("shared/src/a.test.ts", "");
  put("runtime/src/main.ts", "export {};");
  put(
    "node_modules/typescript/bin/tsc",
    `const fs = require("node:fs");
    for (const room of ["shared", "runtime"]) {
      fs.mkdirSync(room + "/dist", { recursive: true });
      for (const name of fs.readdirSync(room + "/src")) {
        const text = fs.readFileSync(room + "/src/" + name, "utf8");
        if (text.includes("broken")) { console.log("error TS1: broken in " + name); process.exit(1); }
        if (!name.endsWith(".test.ts")) fs.writeFileSync(room + "/dist/" + name.replace(".ts", ".js"), text);
      }
    }`,
  );
  put("node_modules/typescript/package.json", '{"type":"commonjs"}');
  put(
    "widget/build.mjs",
    'import fs from "node:fs"; fs.mkdirSync("widget/dist", { recursive: true }); fs.writeFileSync("widget/dist/widget.js", "");',
  );
  put("studio/src/main.tsx", "export {};");
  put("studio/src/draft.test.ts", "");
  put(
    "node_modules/vite/bin/vite.js",
    `const fs = require("node:fs");
    if (fs.readFileSync("studio/src/main.tsx", "utf8").includes("broken")) { console.log("main.tsx is broken"); process.exit(1); }
    fs.mkdirSync("studio/dist", { recursive: true });
    fs.appendFileSync("studio/dist/index.html", "built ");`,
  );
  put("node_modules/vite/package.json", '{"type":"commonjs"}');
  const lines = [];
  const options = { root, say: (line) => lines.push(line) };
  return { root, put, lines, install: () => ensureInstalled(options), build: () => ensureBuilt(options) };
}

test("the version of Node", () => {
  assert.equal(nodeComplaint("20.19.0"), undefined);
  assert.equal(nodeComplaint("22.1.0"), undefined);
  assert.match(nodeComplaint("20.18.9") ?? "", /needs Node 20\.19 or newer and this is 20\.18\.9/);
  assert.match(nodeComplaint("18.20.0") ?? "", /18\.20\.0/);
});

test("builds once, and again when a source changed, came or went", async (context) => {
  const { root, put, build } = checkout(context);
  assert.equal(await build(), true);
  assert.equal(await build(), false);
  put("shared/src/a.ts", "export const longer = 1;");
  assert.equal(await build(), true);
  put("shared/src/b.ts", "export {};");
  assert.equal(await build(), true);
  rmSync(path.join(root, "shared/src/b.ts"));
  assert.equal(await build(), true);
  assert.equal(
    existsSync(path.join(root, "shared/dist/b.js")),
    false,
    "what was built of a deleted source goes with it",
  );
  assert.equal(existsSync(path.join(root, "shared/dist/a.js")), true);
  assert.equal(await build(), false);
});

test("a changed test builds nothing, a missing output does", async (context) => {
  const { root, put, build } = checkout(context);
  await build();
  put("shared/src/a.test.ts", "changed");
  assert.equal(await build(), false);
  rmSync(path.join(root, "runtime/dist/main.js"));
  assert.equal(await build(), true);
  rmSync(path.join(root, "widget/dist"), { recursive: true });
  assert.equal(await build(), true);
});

test("the studio is built when it or what it is made of changed, and not for the server's sources", async (context) => {
  const { root, put, build } = checkout(context);
  const builds = () => readFileSync(path.join(root, "studio/dist/index.html"), "utf8").trim().split(" ").length;
  await build();
  assert.equal(builds(), 1);
  put("runtime/src/main.ts", "export const other = 1;");
  put("studio/src/draft.test.ts", "changed");
  assert.equal(await build(), true);
  assert.equal(builds(), 1);
  put("studio/src/main.tsx", "export const other = 1;");
  assert.equal(await build(), true);
  assert.equal(builds(), 2);
  put("shared/src/a.ts", "export const other = 1;");
  await build();
  assert.equal(builds(), 3);
  rmSync(path.join(root, "studio/dist"), { recursive: true });
  assert.equal(await build(), true);
  assert.equal(await build(), false);
});

test("a studio that cannot be built is said, and what did compile stays built", async (context) => {
  const { root, put, build } = checkout(context);
  put("studio/src/main.tsx", "broken");
  await assert.rejects(build(), /main\.tsx is broken\n+The studio could not be built/);
  assert.equal(existsSync(path.join(root, "node_modules/.parley-built")), true);
  put("studio/src/main.tsx", "export {};");
  assert.equal(await build(), true);
  assert.equal(await build(), false);
});

test("what does not compile is shown, and tried again by the next start", async (context) => {
  const { put, build } = checkout(context);
  put("shared/src/a.ts", "broken");
  const failure = await build().catch((error) => error);
  assert.ok(failure instanceof PrepareError);
  assert.match(failure.message, /error TS1: broken in a\.ts/);
  await assert.rejects(build(), PrepareError);
  put("shared/src/a.ts", "export {};");
  assert.equal(await build(), true);
});

test("takes an installation made by hand, and installs when the lock file is another", async (context) => {
  const { root, put, lines, install } = checkout(context);
  assert.equal(await install(), false);
  assert.equal(await install(), false);
  put(
    "package-lock.json",
    JSON.stringify({ name: "x", version: "2.0.0", lockfileVersion: 3, packages: { "": { name: "x" } } }),
  );
  assert.equal(await install(), true);
  assert.deepEqual(lines, ["Packages changed: installing again…"]);
  assert.equal(await install(), false);
  rmSync(path.join(root, "node_modules"), { recursive: true });
  assert.equal(await install(), true);
  assert.equal(lines.at(-1), "Installing packages (once)…");
});

test("an installation older than the lock file is not taken", async (context) => {
  const { root, install } = checkout(context);
  utimesSync(path.join(root, "node_modules/.package-lock.json"), 1, 1);
  assert.equal(await install(), true);
});

test("npm's own words are shown when it fails", async (context) => {
  const { put, install } = checkout(context);
  await install();
  put("package-lock.json", "not JSON");
  await assert.rejects(install(), /npm ci failed/);
});
