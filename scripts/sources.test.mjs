import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ROOT } from "./prepare.mjs";

/** Sources that are delivered. */
const FILES = ["shared", "runtime", "widget", "studio"].flatMap((part) =>
  readdirSync(path.join(ROOT, part, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.(test|contract)\.|(^|\/)testing\//.test(name))
    .map((name) => `${part}/src/${name}`),
);
const text = (/** @type {string} */ file) => readFileSync(path.join(ROOT, file), "utf8");

/** @param {RegExp} what @returns the lines of our sources that it fits */
const found = (what) =>
  FILES.flatMap((file) =>
    text(file)
      .split("\n")
      .filter((line) => what.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );

test("[P15] [sandbox escape] no source makes code of a text", () => {
  assert.ok(FILES.length > 500);
  const lines = found(/\beval\(|\bFunction\(|node:vm|\bimport\((?!["'`])|set(Timeout|Interval)\(["'`]/);
  // The widget's loader has its other part from its own server, by the digest.
  assert.deepEqual(lines, ["widget/src/loader.ts: return import(href);"]);
});

test("[P15] [stored script] no source makes elements of a text", () => {
  assert.deepEqual(
    found(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|createContextualFragment|DOMParser|srcdoc/),
    [],
  );
});

test("[P15] [query injection] what is put into a query's own text is a name of ours, in capitals or of a list", () => {
  const odd = found(/\.(prepare|exec|pragma)\(`[^`]*\$\{(?![A-Z_]+(\.join\(", "\))?\})/).filter(
    (line) =>
      // Names of tables and numbers that stand beside it.
      !/\$\{(stream|table|places|before|pages|version|next|SCHEMA_VERSION)\}/.test(line),
  );
  assert.deepEqual(odd, []);
});

test("[P15] [sandbox escape] whatever starts the server starts it so that it makes no code of a text", () => {
  const flag = "--disallow-code-generation-from-strings";
  assert.match(JSON.parse(text("package.json")).scripts.start, new RegExp(flag));
  for (const file of ["runtime/bin/parley.js", "scripts/dev.mjs", "Dockerfile"])
    assert.match(text(file), new RegExp(flag));
});

test("[P15] [postMessage origin] the widget on a site hears no message of a page; where one is heard, its source is looked at", () => {
  const files = FILES.filter((file) => /addEventListener\(\s*"message"|\.onmessage = |onmessage\(/.test(text(file)));
  const heard = files.filter((file) => /source !== (parent|frame\.current)/.test(text(file)));
  assert.deepEqual(heard, [
    "widget/src/preview.ts",
    "studio/src/preview/PreviewFrame.tsx",
    "studio/src/shared-page/SharedFrame.tsx",
  ]);
  // The others hear a websocket.
  for (const file of files.filter((file) => !heard.includes(file))) {
    assert.match(text(file), /WebSocket|socket\./, file);
    assert.doesNotMatch(text(file), /window\.addEventListener\("message"/, file);
  }
});

test("[P15] [server-side request forgery] nothing in a flow, a preview or a message has the server ask anybody", () => {
  const asks = FILES.filter(
    (file) =>
      file.startsWith("runtime/") &&
      /typeof fetch\b|= fetch\b|return fetch\(|await fetch\(|from "node:(https|tls|http2|dns.*|dgram)"|\bhttpRequest\b|\bnetConnect\b/.test(
        text(file),
      ),
  );
  assert.deepEqual(asks.filter((file) => !file.startsWith("runtime/src/cli/")).sort(), [
    // Where STUDIO_URL is.
    "runtime/src/pictures/fetched-pictures.ts",
    "runtime/src/sealing/remote-keys.ts",
    // Where an owner said, if it is public.
    "runtime/src/webhooks/call.ts",
  ]);
});
