import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Time a child gets between SIGTERM and SIGKILL, in ms. */
const GRACE = 3000;
const SIGNALS = /** @type {const} */ ({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 });
const WINDOWS = process.platform === "win32";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
let ending = false;

/**
 * Starts a child in a process group of its own, so that whatever it starts (compilers, workers) can be ended with it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 */
export function startChild(command, args, options = {}) {
  const child = spawn(command, [...args], { detached: !WINDOWS, stdio: "inherit", ...options });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/**
 * Sends a signal to a child and everything in its group.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (WINDOWS) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // Gone already; macOS says EPERM of a group that only waits to be reaped.
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/**
 * Ends a child and its group: SIGTERM, and SIGKILL when it has not gone after `grace` ms.
 * @param {import("node:child_process").ChildProcess} child
 * @param {number} [grace]
 * @returns {Promise<void>} when it has gone
 */
export function endChild(child, grace = GRACE) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => signalGroup(child, "SIGKILL"), grace);
    child.once("exit", () => {
      clearTimeout(timer);
      // Whatever of its group outlived it has no one left to end it.
      signalGroup(child, "SIGKILL");
      resolve();
    });
    signalGroup(child, "SIGTERM");
  });
}

/**
 * Runs a command to its end. With `quiet` its output is kept and returned instead of shown.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, limit?: number } & import("node:child_process").SpawnOptions} [options] `limit`: ms
 * @returns {Promise<{ code: number, output: string }>} a code other than 0 is a failure: 128 + n after a signal, 127 if it
 * could not be started
 */
export function run(command, args, { quiet = false, limit, ...options } = {}) {
  return new Promise((resolve) => {
    const child = startChild(command, args, {
      stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
      ...options,
    });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    const timer =
      limit === undefined
        ? undefined
        : setTimeout(() => {
            output += `\n${command} was ended: it took longer than ${Math.round(limit / 1000)} s.\n`;
            void endChild(child);
          }, limit);
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ code: 127, output: `${command} could not be started: ${error.message}\n` });
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      // This process is being ended and the child with it: that is no failure for the caller to report.
      if (ending) return;
      resolve({ code: code ?? 128 + (SIGNALS[/** @type {keyof typeof SIGNALS} */ (signal)] ?? 9), output });
    });
  });
}

/**
 * Runs npm, the one that runs this script where there is one, else that of the PATH.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function npm(args, options) {
  const script = process.env.npm_execpath;
  if (script?.endsWith(".js")) return run(process.execPath, [script, ...args], options);
  return run("npm", args, { shell: WINDOWS, ...options });
}

/**
 * Lets SIGINT, SIGTERM and SIGHUP end every child and then this process (exit code 128 + the signal's number).
 * @returns {() => void} takes the handlers away again
 */
export function endOnSignals() {
  /** @param {keyof typeof SIGNALS} signal */
  const handler = async (signal) => {
    if (ending) return;
    ending = true;
    // Again until none is left: one that ends may have been about to be started anew.
    while (running.size > 0) await Promise.all([...running].map((child) => endChild(child)));
    process.exit(128 + SIGNALS[signal]);
  };
  const names = /** @type {(keyof typeof SIGNALS)[]} */ (Object.keys(SIGNALS));
  for (const name of names) process.on(name, handler);
  return () => {
    for (const name of names) process.off(name, handler);
  };
}

/**
 * Sends this process SIGTERM when the npm that started it has gone: npm killed with -9, or a shell between the two that
 * passes no signal on. The same when a shell has gone that did nothing but wait for npm (`sh -c "npm start; true"`): npm
 * does not notice. Does nothing for a process that npm did not start, which may well outlive its shell.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  let caller = waitingCaller(npm);
  const timer = setInterval(() => {
    if (process.ppid === npm && (caller === undefined || parentAndGroup(npm)?.[0] === caller)) {
      // One that has found other work would leave npm running.
      if (waitingCaller(npm) !== caller) caller = undefined;
      return;
    }
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 250);
  timer.unref();
}

/**
 * The process that waits for npm and has nothing else to do: it is in npm's process group (a shell with job control gives
 * npm its own) and npm is its only child. Undefined where there is none, or the system does not tell.
 * @param {number} npm
 */
function waitingCaller(npm) {
  const [parent, group] = parentAndGroup(npm) ?? [];
  if (parent === undefined || parent <= 1 || parentAndGroup(parent)?.[1] !== group) return undefined;
  return readProc(`${parent}/task/${parent}/children`)?.trim() === String(npm) ? parent : undefined;
}

/**
 * @param {number} pid
 * @returns {[parent: number, group: number] | undefined}
 */
function parentAndGroup(pid) {
  // After the name, which may hold anything: state, parent, process group.
  const found = /^.*\) \S (\d+) (\d+) /s.exec(readProc(`${pid}/stat`) ?? "");
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

/** @param {string} file */
function readProc(file) {
  try {
    return readFileSync(`/proc/${file}`, "utf8");
  } catch {
    return undefined; // The process has gone, or this system has no /proc.
  }
}
