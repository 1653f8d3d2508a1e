// Finds the browser that tests drive, or gets one. Run on its own it prints the path.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./prepare.mjs";
import { run } from "./processes.mjs";
import { installFromSystem } from "./system-packages.mjs";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
  "msedge",
];
/** How long each way of getting a browser may take, in ms. */
const INSTALL_LIMIT = 180_000;
const VERSION_LIMIT = 30_000;

/** What to type where nothing else worked. */
const ADVICE =
  "Install Chromium or Chrome (on Debian or Ubuntu: apt-get install chromium), or set PARLEY_BROWSER to the path of one, and run the command again.";

/**
 * @typedef {{ env: Record<string, string | undefined>, platform: NodeJS.Platform, home: string }} Machine
 * @returns {Machine}
 */
function thisMachine() {
  return { env: process.env, platform: process.platform, home: homedir() };
}

/**
 * Where a browser would be, best first: by the PATH, then in the usual places of the system.
 * @param {Machine} machine
 * @returns {string[]} absolute paths that may not exist
 */
export function browserPlaces({ env, platform, home }) {
  const { join, delimiter } = platform === "win32" ? path.win32 : path.posix;
  const suffix = platform === "win32" ? ".exe" : "";
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  if (platform === "darwin") {
    for (const applications of ["/Applications", join(home, "Applications")]) {
      for (const name of ["Google Chrome", "Chromium", "Microsoft Edge"])
        places.push(join(applications, `${name}.app/Contents/MacOS/${name}`));
    }
  }
  if (platform === "win32") {
    for (const programs of [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA]) {
      if (programs === undefined) continue;
      places.push(
        join(programs, "Google\\Chrome\\Application\\chrome.exe"),
        join(programs, "Chromium\\Application\\chrome.exe"),
      );
      places.push(join(programs, "Microsoft\\Edge\\Application\\msedge.exe"));
    }
  }
  return places;
}

/**
 * The path of a browser that runs. One that is installed is taken; else Playwright's installer is asked, else the system's
 * package manager where this user may.
 * @param {{ say?: (line: string) => void }} [options]
 * @returns {Promise<string>}
 * @throws {Error} with one sentence saying what to do
 */
export async function findBrowser({ say = console.error } = {}) {
  const machine = thisMachine();
  const named = machine.env.PARLEY_BROWSER;
  if (named !== undefined && named !== "") {
    if (await runs(named)) return named;
    throw new Error(`PARLEY_BROWSER is ${named}, which is no browser that runs: ${ADVICE}`);
  }
  return (await installedBrowser(machine)) ?? (await fromPlaywright(say)) ?? (await fromSystem(machine, say)) ?? fail();
}

/** @returns {never} */
function fail() {
  throw new Error(
    `No browser was found, and neither Playwright nor the system's package manager could install one: ${ADVICE}`,
  );
}

/** @param {Machine} machine */
async function installedBrowser(machine) {
  for (const place of [...browserPlaces(machine), playwrightChromium()]) {
    if (place !== undefined && existsSync(place) && (await runs(place))) return place;
  }
  return undefined;
}

/** @param {(line: string) => void} say */
async function fromPlaywright(say) {
  const cli = resolveFromTests("@playwright/test/cli");
  if (cli === undefined) return undefined;
  say("No browser found: asking Playwright for Chromium…");
  await run(process.execPath, [cli, "install", "chromium"], { quiet: true, limit: INSTALL_LIMIT });
  const place = playwrightChromium();
  return place !== undefined && existsSync(place) && (await runs(place)) ? place : undefined;
}

/**
 * @param {Machine} machine
 * @param {(line: string) => void} say
 */
async function fromSystem(machine, say) {
  if (machine.platform !== "linux") return undefined;
  return (await installFromSystem("chromium", { env: machine.env, say })) ? installedBrowser(machine) : undefined;
}

/** The Chromium that Playwright keeps, whether or not it has been downloaded. */
function playwrightChromium() {
  const module = resolveFromTests("@playwright/test");
  if (module === undefined) return undefined;
  return /** @type {string} */ (createRequire(module)(module).chromium.executablePath());
}

/** @param {string} name */
function resolveFromTests(name) {
  try {
    return createRequire(path.join(ROOT, "e2e/package.json")).resolve(name);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/**
 * Whether it is a browser and can be started: a placeholder that only tells how to install one ends with a failure, and so
 * does one whose libraries are missing. On Windows the question would open a window.
 * @param {string} place
 */
async function runs(place) {
  if (process.platform === "win32") return existsSync(place);
  const { code, output } = await run(place, ["--version"], { quiet: true, limit: VERSION_LIMIT });
  return code === 0 && /chrom|edge/i.test(output);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await findBrowser());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
