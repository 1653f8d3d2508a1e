import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { ROOT } from "./prepare.mjs";

const THEME = "studio/src/theme/theme.ts";

const COLOUR = /#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w-])|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(/i;
/** Only where a colour stands: some of the names are words as well. */
const NAMED =
  /^\s*(?:[\w-]*color|background|border[\w-]*|outline|fill|stroke|box-shadow)\s*:[^;]*[\s:(](?:white|black|red|green|blue|yellow|orange|purple|pink|teal|cyan|lime|gr[ae]y|silver|gold|navy)\s*[;,)]/i;
/** The palettes that the theme has colours for, and what is none. */
const PALETTES = ["iris", "gray", "dark", "red", "initials"];
const SIZE_NAMES = /^(?:xs|sm|md|lg|xl|far|h[1-3])$/;
const SIZES = /^(?:inherit|var\(--mantine-(?:h[1-3]-)?font-size(?:-[a-z]+)?\))$/;

/** @type {((line: string) => string | false | undefined)[]} */
const STYLE_RULES = [
  (line) => (COLOUR.test(line) || NAMED.test(line)) && "a colour",
  (line) => {
    const size = /\bfont-size\s*:\s*([^;}]+)/.exec(line)?.[1]?.trim();
    return size !== undefined && !SIZES.test(size) && "a font size";
  },
  (line) => /^\s*font\s*:\s*(?!inherit)\S/.test(line) && "a font size",
];
/** @type {typeof STYLE_RULES} */
const SCRIPT_RULES = [
  (line) => COLOUR.test(line) && "a colour",
  (line) => {
    const palette = /\bcolor(?:=|:\s*)["'{]+([a-z]+)["'}]/.exec(line)?.[1];
    return palette !== undefined && !PALETTES.includes(palette) && "a colour";
  },
  (line) => {
    const size = /\b(?:fontSize|fz)\s*(?:=|:)\s*["'{]*([^"'},\s]+)/.exec(line)?.[1];
    return size !== undefined && !SIZE_NAMES.test(size) && !SIZES.test(size) && "a font size";
  },
];

/**
 * @param {string} file its name, for what kind it is
 * @param {string} text
 * @returns {string[]} one line for each offender
 */
function offenders(file, text) {
  const rules = file.endsWith(".css") ? STYLE_RULES : SCRIPT_RULES;
  return withoutComments(text)
    .split("\n")
    .flatMap((line, index) => {
      const what = rules.map((rule) => rule(line)).find(Boolean);
      return what ? [`${file}:${index + 1} has ${what} of its own: ${line.trim()}`] : [];
    });
}

/** Comments are for people; the lines stay where they are. @param {string} text */
const withoutComments = (text) =>
  text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " ")).replace(/^\s*\/\/.*$/gm, "");

test("every colour and font size of the studio stands in its theme", () => {
  const files = readdirSync(path.join(ROOT, "studio/src"), { recursive: true })
    .map((file) => path.posix.join("studio/src", String(file).replaceAll(path.sep, "/")))
    .filter((file) => /\.(?:css|tsx?)$/.test(file) && file !== THEME && !/\.(?:test|arbitrary)\./.test(file));
  assert.ok(files.length > 100, `only ${files.length} files were found`);
  const found = files.flatMap((file) => offenders(file, readFileSync(path.join(ROOT, file), "utf8")));
  assert.equal(found.length, 0, `name it in ${THEME} and use that:\n${found.join("\n")}`);
});

for (const [file, line] of [
  ["a.css", "  color: #fff;"],
  ["a.css", "  background: rgb(1 2 3 / 4%);"],
  ["a.css", "  border: 1px solid red;"],
  ["a.css", "  font-size: 13px;"],
  ["a.css", "  font: 12px sans-serif;"],
  ["a.tsx", '<Text c="#abcdef">'],
  ["a.tsx", '<Alert color="orange">'],
  ["a.tsx", "<span style={{ fontSize: 13 }}>"],
  ["a.tsx", "<Text fz={13}>"],
  ["a.ts", 'const colour = "#3557b7";'],
]) {
  test(`the theme's lint refuses ${line.trim()}`, () => assert.equal(offenders(file, line).length, 1));
}
for (const [file, line] of [
  ["a.css", "  color: var(--parley-text);"],
  ["a.css", "  font-size: var(--mantine-font-size-sm);"],
  ["a.css", "  background: color-mix(in srgb, var(--parley-panel) 88%, transparent);"],
  ["a.css", "  grid-area: tan;"],
  ["a.tsx", '<Text c="dimmed" fz="xs">'],
  ["a.tsx", '<Badge bg="var(--parley-start-soft)" color="iris">'],
  ["a.ts", "// as #ffffff"],
]) {
  test(`the theme's lint takes ${line.trim()}`, () => assert.deepEqual(offenders(file, line), []));
}
