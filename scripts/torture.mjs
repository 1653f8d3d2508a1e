// `npm run test:torture -- --minutes 10 --seed 7 --log sqlite`: one piece of torture, whose figures become a line of
// docs/torture.jsonl and of the page made from it. `--breaks` breaks the code in a copy and shows that tests notice.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, platform, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findNatsServer } from "./find-nats-server.mjs";
import { ensureBuilt, ensureInstalled, PrepareError, ROOT } from "./prepare.mjs";
import { endOnSignals, endWithNpm, run } from "./processes.mjs";
import { breakEach } from "./torture/breaks.mjs";
import { FIGURES, PAGE, withFigures } from "./torture/page.mjs";

/** Beside the minutes themselves: the last episode is brought to its end, in ms. */
const LAST = 300_000;
const LOGS = ["sqlite", "nats"];

endWithNpm();
endOnSignals();
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string" },
    log: { type: "string", multiple: true, default: LOGS },
    breaks: { type: "boolean", default: false },
  },
});
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof PrepareError ? error.message : error);
  process.exitCode = 1;
}

async function main() {
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) return wrong(`--minutes is ${values.minutes}: give a number of minutes, such as --minutes 10.`);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  if (!Number.isSafeInteger(seed)) return wrong(`--seed is ${values.seed}: give a whole number.`);
  const unknown = values.log.find((log) => !LOGS.includes(log));
  if (unknown !== undefined) return wrong(`--log is ${unknown}: give ${LOGS.join(" or ")}.`);
  await ensureInstalled();
  await ensureBuilt();
  if (values.breaks) return breakEach();
  if (values.log.includes("nats")) process.env.PARLEY_NATS_SERVER = await findNatsServer();
  for (const log of values.log) {
    console.log(`── ${log}, seed ${seed}, ${minutes} min`);
    const code = await piece(log, seed, minutes);
    if (code !== 0) return code;
  }
  return 0;
}

/** @param {string} log @param {number} seed @param {number} minutes */
async function piece(log, seed, minutes) {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-torture-"));
  const out = path.join(folder, "figures");
  const env = { TORTURE_LOG: log, TORTURE_MINUTES: String(minutes), TORTURE_OUT: out, PARLEY_SEED: String(seed) };
  Object.assign(process.env, env);
  try {
    const args = ["node_modules/vitest/vitest.mjs", "run", "--reporter=verbose", "runtime/src/crash/torture.test.ts"];
    const { code } = await run(process.execPath, args, { cwd: ROOT, limit: minutes * 90_000 + LAST });
    if (code !== 0) return code;
    const figures = JSON.parse(readFileSync(out, "utf8"));
    const line = {
      at: new Date().toISOString().slice(0, 10),
      commit: commit(),
      ...figures,
      ...versions(log),
      machine: machine(),
    };
    appendFileSync(FIGURES, `${JSON.stringify(line)}\n`);
    writeFileSync(PAGE, withFigures(readFileSync(PAGE, "utf8"), readFileSync(FIGURES, "utf8")));
    return (await run("npx", ["biome", "check", "--write", PAGE], { cwd: ROOT, quiet: true })).code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} message */
function wrong(message) {
  console.error(message);
  return 2;
}

/** The commit that was tortured; with a plus where files differ from it. */
function commit() {
  const git = (/** @type {string[]} */ ...args) =>
    spawnSync("git", args, { cwd: ROOT, encoding: "utf8" }).stdout.trim();
  const changed = git("status", "--porcelain", "--", "shared", "runtime") !== "";
  return git("rev-parse", "--short", "HEAD") + (changed ? "+" : "");
}

/** @param {string} log */
function versions(log) {
  const engine =
    log === "nats"
      ? spawnSync(process.env.PARLEY_NATS_SERVER ?? "nats-server", ["--version"], { encoding: "utf8" }).stdout.trim()
      : `better-sqlite3 ${JSON.parse(readFileSync(path.join(ROOT, "node_modules/better-sqlite3/package.json"), "utf8")).version}`;
  return { node: process.version, engine };
}

function machine() {
  return `${platform()} ${arch()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}
