import assert from "node:assert/strict";
import { test } from "node:test";
import { countingLine, counts, fromPlaywright, fromTap, fromVitest, judged } from "./test-results.mjs";

test("vitest: a file that cannot be loaded counts as a failure, a todo as skipped", () => {
  const report = JSON.stringify({
    testResults: [
      { name: "x.test.ts", status: "failed", message: "no such file", assertionResults: [] },
      {
        name: "y.test.ts",
        status: "failed",
        assertionResults: [
          { status: "passed", fullName: "a" },
          { status: "failed", fullName: "b", failureMessages: ["\u001b[31m1 is not 2\u001b[39m"] },
          { status: "pending", fullName: "c" },
          { status: "todo", fullName: "d" },
        ],
      },
    ],
  });
  const failures = ["x.test.ts\nno such file", "y.test.ts: b\n1 is not 2"];
  assert.deepEqual(fromVitest(report), { passed: 1, failed: 2, skipped: 2, skips: ["c", "d"], failures });
});

test("playwright: nested suites, a flaky test is a failure, the reason of a skip is kept", () => {
  const spec = (title, status, annotations = [], results = []) => ({
    title,
    file: "x.spec.ts",
    tests: [{ status, annotations, results }],
  });
  const report = JSON.stringify({
    errors: [{ message: "a file that does not parse" }],
    suites: [
      {
        specs: [spec("a", "expected"), spec("b", "flaky", [], [{ error: { message: "not there" } }, {}])],
        suites: [
          { specs: [spec("c", "unexpected"), spec("d", "skipped", [{ type: "skip", description: "no display" }])] },
        ],
      },
    ],
  });
  const failures = ["before any test\na file that does not parse", "x.spec.ts: c", "x.spec.ts: b\nnot there"];
  assert.deepEqual(fromPlaywright(report), { passed: 1, failed: 3, skipped: 1, skips: ["d: no display"], failures });
});

test("tap: cancelled tests are failures", () => {
  const report =
    "TAP version 13\nok 1 - a\nok 2 - b # SKIP on Windows\nnot ok 3 - c\n  not ok 4 - d # TODO later\n# tests 4\n# pass 1\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n";
  const skips = ["b: on Windows", "d: later"];
  assert.deepEqual(fromTap(report), { passed: 1, failed: 2, skipped: 2, skips, failures: ["c"] });
});

test("a step that ran nothing, or crashed after its tests, has failed", () => {
  assert.equal(judged(counts(), 0).failed, 1);
  assert.equal(judged(counts({ skipped: 3 }), 0).failed, 1);
  assert.equal(judged(counts({ passed: 3 }), 1).failed, 1);
  assert.equal(judged(counts({ passed: 3, failed: 2 }), 1).failed, 2);
  assert.equal(judged(counts({ passed: 3 }), 0).failed, 0);
});

test("the last line adds everything up", () => {
  assert.equal(
    countingLine([counts({ passed: 2, skipped: 1 }), counts({ passed: 1, failed: 1 })]),
    "3 passed, 1 failed, 1 skipped",
  );
});
