// `npm test`: installs, builds, finds a browser and a NATS server and runs every kind of test; the last line counts them.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findBrowser } from "./find-browser.mjs";
import { findNatsServer } from "./find-nats-server.mjs";
import { findStrace } from "./find-strace.mjs";
import { ensureBuilt, ensureInstalled, PrepareError, ROOT } from "./prepare.mjs";
import { endOnSignals, endWithNpm, npm, run } from "./processes.mjs";
import { countingLine, counts, fromPlaywright, fromTap, fromVitest, judged } from "./test-results.mjs";

/** A step that takes longer hangs, in ms. */
const LIMIT = 20 * 60_000;
/** Failed tests of a step that are named again at the end. */
const NAMED = 8;
const NAMES = ["types", "lint", "unit", "scripts", "browser"];

endWithNpm();
endOnSignals();
const { only, filters } = readArguments();
const reports = mkdtempSync(path.join(tmpdir(), "parley-test-"));
// A test may start something as another user, who has to get through.
chmodSync(reports, 0o711);
process.on("exit", () => rmSync(reports, { recursive: true, force: true, maxRetries: 3 }));
// What a test that was ended in the middle leaves behind goes with them.
for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = reports;

/** @type {{ name: string, counts: import("./test-results.mjs").Counts, note?: string }[]} */
const results = [];
try {
  await ensureInstalled();
  const steps = {
    types: () => single(["node_modules/typescript/bin/tsc", "-b", "--pretty"]),
    lint: async () =>
      judged(counts({ passed: 1 }), (await npm(["run", "--silent", "lint"], { cwd: ROOT, limit: LIMIT })).code),
    unit: () =>
      reported("vitest", fromVitest, (report) => [
        "node_modules/vitest/vitest.mjs",
        "run",
        "--reporter=dot",
        "--reporter=json",
        `--outputFile.json=${report}`,
        ...filters,
      ]),
    scripts: () =>
      reported("scripts", fromTap, (report) => [
        "--test",
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
        "--test-reporter=tap",
        `--test-reporter-destination=${report}`,
        ...readdirSync(path.join(ROOT, "scripts"))
          .filter((name) => name.endsWith(".test.mjs"))
          .map((name) => `scripts/${name}`),
      ]),
    browser,
  };
  // Asked first: a machine without a browser is told so after seconds, not minutes.
  const searched = only.includes("browser") ? await orError(findBrowser()) : undefined;
  if (searched instanceof Error) console.error(searched.message);
  const nats = only.includes("unit") ? await orError(findNatsServer()) : undefined;
  // The tests that start one fail and say the same.
  if (nats instanceof Error) console.error(nats.message);
  else if (nats !== undefined) process.env.PARLEY_NATS_SERVER = nats;
  const strace = only.includes("unit") ? await findStrace() : undefined;
  if (strace !== undefined) process.env.PARLEY_STRACE = strace;
  const built = only.some((name) => name === "unit" || name === "browser") ? await orError(ensureBuilt()) : undefined;
  if (built instanceof Error) console.error(built.message);
  for (const name of NAMES.filter((name) => only.includes(name))) {
    console.log(`\n── ${name}`);
    const obstacle = name === "browser" ? [searched, built].find((outcome) => outcome instanceof Error) : undefined;
    if (typeof searched === "string") process.env.PARLEY_BROWSER = searched;
    if (obstacle !== undefined)
      results.push({ name, counts: counts({ failed: 1 }), note: obstacle.message.trim().split("\n").at(-1) });
    else results.push({ name, counts: await steps[/** @type {keyof typeof steps} */ (name)]() });
  }
} catch (error) {
  console.error(error instanceof PrepareError ? error.message : error);
  results.push({ name: "preparation", counts: counts({ failed: 1 }) });
}
summary();

async function browser() {
  return reported("playwright", fromPlaywright, (report) => {
    process.env.PLAYWRIGHT_JSON_OUTPUT_FILE = report;
    return [
      "node_modules/@playwright/test/cli.js",
      "test",
      "-c",
      "e2e/playwright.config.ts",
      "--reporter=line,json",
      ...filters,
    ];
  });
}

/** @param {string[]} args */
async function single(args) {
  return judged(counts({ passed: 1 }), (await run(process.execPath, args, { cwd: ROOT, limit: LIMIT })).code);
}

/**
 * Runs a test runner that writes a report to a file.
 * @param {string} name
 * @param {(report: string) => import("./test-results.mjs").Counts} parse
 * @param {(file: string) => string[]} args
 */
async function reported(name, parse, args) {
  const file = path.join(reports, name);
  const { code } = await run(process.execPath, args(file), { cwd: ROOT, limit: LIMIT });
  return judged(existsSync(file) ? parse(readFileSync(file, "utf8")) : counts(), code);
}

function summary() {
  console.log("");
  for (const { name, counts } of results) {
    for (const failure of counts.failures.slice(0, NAMED)) console.log(`failed in ${name}: ${failure}\n`);
    const more = counts.failures.length - NAMED;
    if (more > 0) console.log(`failed in ${name}: ${more} more\n`);
  }
  for (const {
    name,
    counts: { passed, failed, skipped, skips },
    note,
  } of results) {
    console.log(`${name.padEnd(8)} ${passed} passed, ${failed} failed, ${skipped} skipped${note ? ` (${note})` : ""}`);
    for (const skip of skips) console.log(`  skipped: ${skip}`);
  }
  process.exitCode = results.some((step) => step.counts.failed > 0) ? 1 : 0;
  console.log(`\n${countingLine(results.map((step) => step.counts))}`);
}

/**
 * `--only unit,types` (or several times) runs these steps; other words are passed on to vitest and Playwright as filters.
 */
function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { only: { type: "string", multiple: true } },
    });
    const only = values.only?.flatMap((list) => list.split(",")) ?? NAMES;
    const unknown = only.find((name) => !NAMES.includes(name));
    if (unknown !== undefined)
      throw new Error(`--only ${unknown} is no kind of test: choose from ${NAMES.join(", ")}.`);
    return { only, filters: positionals };
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(2);
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T | Error>}
 */
function orError(promise) {
  return promise.catch((error) => (error instanceof Error ? error : new Error(String(error))));
}
