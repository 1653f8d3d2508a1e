// `npm run test:torture -- --minutes 10 --seed 7 --log sqlite`: one piece of torture, whose figures become a line of
// docs/torture.jsonl and of the page made from it. `--soak`: half of the measured load, and nothing befalls it. `--storms`: what
// many do at once. `--fuzz`: whatever may be sent is sent. `--breaks` breaks the code in a copy and shows that tests notice.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findNatsServer } from "./find-nats-server.mjs";
import { findStrace } from "./find-strace.mjs";
import { ensureBuilt, ensureInstalled, PrepareError, ROOT } from "./prepare.mjs";
import { endOnSignals, endWithNpm, run } from "./processes.mjs";
import { about } from "./torture/about.mjs";
import { breakEach } from "./torture/breaks.mjs";
import { KINDS } from "./torture/kinds.mjs";
import { FIGURES, PAGE, withFigures } from "./torture/page.mjs";

/** Beside the minutes themselves: the last episode is brought to its end, in ms. */
const LAST = 300_000;
const LOGS = ["sqlite", "nats", "fluvio"];
/** A piece of faults so long, in minutes, has the breaks behind it. */
const WITH_BREAKS = 10;

endWithNpm();
endOnSignals();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string" },
    log: { type: "string", multiple: true, default: ["sqlite", "nats"] },
    soak: { type: "boolean", default: false },
    storms: { type: "boolean", default: false },
    fuzz: { type: "boolean", default: false },
    breaks: { type: "boolean", default: false },
    "no-breaks": { type: "boolean", default: false },
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
  if (values.log.includes("fluvio") && !process.env.FLUVIO_ENDPOINT) {
    return wrong(
      "--log is fluvio: set FLUVIO_ENDPOINT to a cluster's address, and FLUVIO_RESTART to a command that kills and starts it.",
    );
  }
  await ensureInstalled();
  await ensureBuilt();
  if (values.breaks) return breakEach(positionals);
  if (values.log.includes("nats")) process.env.PARLEY_NATS_SERVER = await findNatsServer();
  const name = values.fuzz ? "fuzz" : values.storms ? "storms" : values.soak ? "soak" : "faults";
  if (name === "storms") process.env.PARLEY_STRACE = (await findStrace()) ?? "";
  // What is sent, and how many do so at once, is a server's own business, whatever keeps its log.
  for (const log of KINDS[name].line ? values.log : ["sqlite"]) {
    console.log(`── ${name} on ${log}, seed ${seed}, ${minutes} min`);
    const code = await piece(KINDS[name], log, seed, minutes);
    if (code !== 0) return code;
  }
  return name === "faults" && minutes >= WITH_BREAKS && !values["no-breaks"] ? breakEach() : 0;
}

/** @param {import("./torture/kinds.mjs").Kind} kind @param {string} log @param {number} seed @param {number} minutes */
async function piece(kind, log, seed, minutes) {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-torture-"));
  const out = path.join(folder, "figures");
  const env = { TORTURE_LOG: log, TORTURE_OUT: out, PARLEY_SEED: String(seed), ...kind.env(minutes) };
  Object.assign(process.env, env);
  // As it was when the piece began.
  const played = about(log);
  try {
    const args = ["node_modules/vitest/vitest.mjs", "run", "--reporter=verbose", ...kind.tests];
    const { code } = await run(process.execPath, args, { cwd: ROOT, limit: minutes * 90_000 + LAST });
    if (code !== 0 || !kind.line) return code;
    note({ ...played, ...JSON.parse(readFileSync(out, "utf8")) });
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Adds a line to the figures, and makes the page anew. At once, since another piece may end at the same time. @param {Record<string, any>} line */
function note(line) {
  if (line.code === undefined) {
    console.log(
      "Files under shared/ or runtime/ differ from the commit: the piece is of no code that others can add to.",
    );
    return;
  }
  appendFileSync(FIGURES, `${JSON.stringify(line)}\n`);
  writeFileSync(PAGE, withFigures(readFileSync(PAGE, "utf8"), readFileSync(FIGURES, "utf8")));
}

/** @param {string} message */
function wrong(message) {
  console.error(message);
  return 2;
}
