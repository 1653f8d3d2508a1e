import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutUnused } from "./unused-styles.mjs";

const left = (/** @type {string} */ css) => withoutUnused(css, (name) => name === "m_00000001");

for (const [what, css, wanted] of /** @type {const} */ ([
  ["a rule of a component that is used", ".m_00000001{color:red}", ".m_00000001{color:red}"],
  ["none of one that is not", ".m_00000002{color:red}.m_00000001{top:0}", ".m_00000001{top:0}"],
  ["rules that are of no component", "a{b:c}.mantine-x{d:e}", "a{b:c}.mantine-x{d:e}"],
  ["the selectors that can match", ".m_00000002:hover,.m_00000001:hover{a:b}", ".m_00000001:hover{a:b}"],
  ["none where one of two parts is not used", ".m_00000001 .m_00000002{a:b}", ""],
  ["what must only not be there", ".m_00000001:not(.m_00000002){a:b}", ".m_00000001:not(.m_00000002){a:b}"],
  ["a choice within brackets", ".x:where(.m_00000001,.m_00000002){a:b}", ".x:where(.m_00000001,.m_00000002){a:b}"],
  ["what is within a condition", "@media print{.m_00000002{a:b}.m_00000001{c:d}}", "@media print{.m_00000001{c:d}}"],
  ["no empty condition", "@media print{@supports (a:b){.m_00000002{a:b}}}i{j:k}", "i{j:k}"],
  ["frames of an animation", "@keyframes m{0%{a:b}to{c:d}}", "@keyframes m{0%{a:b}to{c:d}}"],
  ["statements", '@charset "utf-8";@import "a.css";.m_00000002{a:b}', '@charset "utf-8";@import "a.css";'],
  [
    "braces in strings",
    '.m_00000001:after{content:"}"}.m_00000002{content:"{"}i{j:k}',
    '.m_00000001:after{content:"}"}i{j:k}',
  ],
])) {
  test(`what is left: ${what}`, () => assert.equal(left(css), wanted));
}

test("a block that is not closed is an error", () => {
  assert.throws(() => left(".m_00000001{a:b"), /not closed/);
});
