// Which dependencies have a known hole, as the registry tells it; not every registry does.
import { execFile } from "node:child_process";
import { ROOT } from "./prepare.mjs";

/**
 * Holes that are known and do not concern us: the advisory, why not, and the day until which that is believed.
 * @typedef {{ advisory: string, reason: string, until: string }} Accepted
 * @type {readonly Accepted[]}
 */
export const ACCEPTED = [];

/** So long may the registry take, in ms. */
const LIMIT = 60_000;
const GRAVE = new Set(["high", "critical"]);

/**
 * What is wrong by a report of `npm audit --json`: holes of severity high or more that nobody accepted, and what was
 * accepted until a day that has passed. Throws an Error with one sentence where the report is none.
 * @param {string} json
 * @param {readonly Accepted[]} accepted
 * @param {string} today as 2026-01-31
 * @returns {string[]} a sentence each
 */
export function judge(json, accepted, today) {
  const { vulnerabilities, message, error } = parse(json);
  if (vulnerabilities === undefined) throw new Error(message ?? error?.summary ?? "the registry gave no report");
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const { via } of Object.values(vulnerabilities)) {
    for (const cause of via) {
      // A name stands for the holes of another package, which are in its own entry.
      if (typeof cause === "string" || !GRAVE.has(cause.severity)) continue;
      const advisory = cause.url.split("/").at(-1) ?? cause.url;
      found.set(advisory, `${cause.name} (${cause.severity}): ${cause.title}, ${cause.url}`);
    }
  }
  return [...found].flatMap(([advisory, what]) => {
    const known = accepted.find((one) => one.advisory === advisory);
    if (known === undefined) return [what];
    return known.until < today ? [`${what}; it was accepted until ${known.until}: ${known.reason}`] : [];
  });
}

/** @param {string} json @returns {any} */
function parse(json) {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Error("the registry gave no report that can be read", { cause });
  }
}

/** The report of npm; what it says goes to `judge`. @returns {Promise<string>} */
export function report() {
  return new Promise((resolve) => {
    // It ends with 1 where it found something, and where it could not ask.
    execFile(
      "npm",
      ["audit", "--json"],
      { cwd: ROOT, timeout: LIMIT, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => {
        resolve(error?.killed ? JSON.stringify({ message: `no answer in ${LIMIT / 1000} s` }) : stdout);
      },
    );
  });
}
