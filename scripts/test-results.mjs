import { stripVTControlCharacters } from "node:util";

/** How much of what a failed test said is repeated at the end, in characters. */
const SAID = 700;

/**
 * What a step of `npm test` did. `skips` names each skipped test and its reason, where one was given; `failures` each
 * failed test and the beginning of what it said: of a long run often only the end is kept.
 * @typedef {{ passed: number, failed: number, skipped: number, skips: string[], failures: string[] }} Counts
 */

/**
 * @param {Partial<Counts>} [counts]
 * @returns {Counts}
 */
export function counts({ passed = 0, failed = 0, skipped = 0, skips = [], failures = [] } = {}) {
  return { passed, failed, skipped, skips, failures };
}

/**
 * The counts of a report made by vitest's JSON reporter.
 * @param {string} report
 * @returns {Counts}
 */
export function fromVitest(report) {
  const { testResults = [] } = JSON.parse(report);
  const sum = counts();
  for (const file of testResults) {
    const tests = file.assertionResults ?? [];
    // A file that could not be loaded has no tests to count, and is a failure all the same.
    if (file.status === "failed" && !tests.some((/** @type {any} */ test) => test.status === "failed"))
      fail(sum, String(file.name), file.message);
    for (const test of tests) {
      if (test.status === "passed") sum.passed++;
      else if (test.status === "failed") fail(sum, `${file.name}: ${test.fullName}`, test.failureMessages?.[0]);
      else skip(sum, test.meta?.reason ? `${test.fullName}: ${test.meta.reason}` : test.fullName);
    }
  }
  return sum;
}

/**
 * The counts of a report made by Playwright's JSON reporter. A test that passed only when tried again has failed.
 * @param {string} report
 * @returns {Counts}
 */
export function fromPlaywright(report) {
  const { suites = [], errors = [] } = JSON.parse(report);
  const sum = counts();
  for (const error of errors) fail(sum, "before any test", error.message);
  const visit = (/** @type {any} */ suite) => {
    for (const child of suite.suites ?? []) visit(child);
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === "expected") sum.passed++;
        else if (test.status !== "skipped") {
          const errors = test.results?.map((/** @type {any} */ result) => result.error?.message) ?? [];
          fail(sum, `${spec.file}: ${spec.title}`, errors.find(Boolean));
        } else {
          const reason = test.annotations?.find((/** @type {any} */ note) => note.description)?.description;
          skip(sum, reason ? `${spec.title}: ${reason}` : spec.title);
        }
      }
    }
  };
  suites.forEach(visit);
  return sum;
}

/**
 * The counts of Node's own test runner, from its TAP output.
 * @param {string} report
 * @returns {Counts}
 */
export function fromTap(report) {
  const total = (/** @type {string} */ name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(report)?.[1] ?? 0);
  const sum = counts({ passed: total("pass"), failed: total("fail") + total("cancelled") });
  for (const [, name] of report.matchAll(/^\s*not ok \d+ - (?!.* # (?:SKIP|TODO))(.*)$/gm))
    sum.failures.push(String(name));
  for (const [, name, reason] of report.matchAll(/^\s*(?:not )?ok \d+ - (.*?) # (?:SKIP|TODO)(.*)$/gm)) {
    skip(sum, reason?.trim() ? `${name}: ${reason.trim()}` : String(name));
  }
  return sum;
}

/**
 * What a step counts for, given how its process ended: one that failed without a failed test, or ran none at all, is a
 * failure that no report tells of.
 * @param {Counts} reported
 * @param {number} code exit code of the runner
 * @returns {Counts}
 */
export function judged(reported, code) {
  const executed = reported.passed + reported.failed;
  return reported.failed === 0 && (code !== 0 || executed === 0) ? { ...reported, failed: 1 } : reported;
}

/**
 * The last line of a run.
 * @param {readonly Counts[]} steps
 */
export function countingLine(steps) {
  const sum = (/** @type {"passed" | "failed" | "skipped"} */ key) =>
    steps.reduce((total, step) => total + step[key], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`;
}

/**
 * @param {Counts} sum
 * @param {string} name
 */
function skip(sum, name) {
  sum.skipped++;
  sum.skips.push(name);
}

/**
 * @param {Counts} sum
 * @param {string} name
 * @param {string} [said] what the test printed, with or without colours
 */
function fail(sum, name, said = "") {
  sum.failed++;
  sum.failures.push(`${name}\n${stripVTControlCharacters(said).slice(0, SAID)}`.trimEnd());
}
