import assert from "node:assert/strict";
import { test } from "node:test";
import { firstLoads, judge, LIMIT } from "./first-load.mjs";

const css = (/** @type {string[]} */ ...files) => ({ importedCss: new Set(files) });
/** @param {Partial<import("./first-load.mjs").Output> & { fileName: string }} chunk */
const chunk = (chunk) => ({ isEntry: false, imports: [], dynamicImports: [], moduleIds: [], ...chunk });
/** @param {Record<string, object>} [changes] */
const bundle = (changes = {}) => {
  const chunks = [
    chunk({
      fileName: "index.js",
      name: "studio",
      isEntry: true,
      imports: ["shared.js"],
      viteMetadata: css("index.css"),
    }),
    chunk({ fileName: "shared.js", dynamicImports: ["editor.js"] }),
    chunk({
      fileName: "editor.js",
      name: "Editor",
      imports: ["index.js", "part.js"],
      dynamicImports: ["json.js"],
      viteMetadata: css("editor.css"),
    }),
    chunk({ fileName: "part.js" }),
    chunk({ fileName: "json.js", moduleIds: ["/node_modules/@codemirror/view/dist/index.js"] }),
    { fileName: "index.css" },
    { fileName: "editor.css" },
  ];
  return Object.fromEntries(chunks.map((made) => [made.fileName, { ...made, ...changes[made.fileName] }]));
};

test("a screen's first load is the page and the screen, with all that they import, and not what they load later", () => {
  assert.deepEqual(
    Object.entries(firstLoads(bundle())).map(([screen, files]) => [screen, files.sort()]),
    [["Editor", ["editor.css", "editor.js", "index.css", "index.js", "part.js", "shared.js"]]],
  );
});

test("a page that stands alone has a first load of its own, and its parts are on demand there, too", () => {
  const alone = chunk({ fileName: "shared-page.js", name: "shared", isEntry: true, imports: ["part.js"] });
  const both = { "shared-page.js": alone, ...bundle() };
  assert.deepEqual(Object.keys(firstLoads(both)), ["Editor", "shared"]);
  assert.deepEqual(firstLoads(both).shared, ["shared-page.js", "part.js"]);
  assert.match(judge(both, (file) => (file === "part.js" ? LIMIT : 1)).complaints.join(), /first load of shared is/);
});

const sixth = Math.floor(LIMIT / 6);

test("the limit is on the sum of all its files", () => {
  assert.deepEqual(judge(bundle(), (file) => (file === "json.js" ? LIMIT : sixth)).complaints, []);
  const { lines, complaints } = judge(bundle(), () => sixth + 1);
  assert.deepEqual(lines, [`Editor ${6 * sixth + 6} of ${LIMIT}`]);
  assert.match(complaints.join(), /first load of Editor is 400002 bytes/);
});

test("a heavy part that has come into a screen by an import is said by its name", () => {
  for (const [id, word] of [
    ["/node_modules/@codemirror/view/dist/index.js", "the JSON view"],
    ["/node_modules/elkjs/lib/elk-api.js", "the layout"],
  ]) {
    const { complaints } = judge(bundle({ "part.js": { moduleIds: [id] } }), () => 1);
    assert.match(complaints.join(), new RegExp(`Editor loads ${word} before it is asked for: ${id}`));
  }
});

test("a build without a page is an error", () => {
  assert.throws(() => firstLoads({}), /no page/);
});
