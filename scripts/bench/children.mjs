import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../prepare.mjs";
import { endChild, startChild } from "../processes.mjs";

const SERVER = ["--disallow-code-generation-from-strings", path.join(ROOT, "runtime/bin/parley.js"), "serve"];
const FLOW = path.join(ROOT, "flows/bot-assistant.json");
/** A child that says nothing for so long hangs, in ms. */
const HANG = 50_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const started = new Set();

/** @type {typeof startChild} */
export function start(command, args, options) {
  const child = startChild(command, args, options);
  started.add(child);
  child.once("exit", () => started.delete(child));
  return child;
}

/** Ends what is still running, also after a failure. */
export async function endAll() {
  await Promise.all([...started].map((child) => endChild(child)));
}

/** @type {string[]} removed at the end */
const folders = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A fresh folder, on the disk that the figures are about; gone when this process ends. */
export function scratch() {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-bench-"));
  folders.push(folder);
  return folder;
}

/**
 * Starts the server as a user does, without rate limits, on a free port.
 * @param {string} dataDir
 * @returns {Promise<{ child: import("node:child_process").ChildProcess, port: number, ms: number }>} once it is ready;
 * `ms` from the start of the process
 */
export async function startParley(dataDir, { nodeFlags = [] } = {}) {
  const began = performance.now();
  const child = start(
    process.execPath,
    [...nodeFlags, ...SERVER, FLOW, "--port", "0", "--data-dir", dataDir, "--log-level", "warn"],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, LIMITS: "off" } },
  );
  const port = await readyPort(child);
  return { child, port, ms: performance.now() - began };
}

/**
 * The port in what a server prints when it is ready.
 * @param {import("node:child_process").ChildProcess} child
 * @param {RegExp} address whose group is the port; the websocket's unless another is given
 * @returns {Promise<number>}
 */
export function readyPort(child, address = /Websocket\s+ws:\/\/[^:]+:(\d+)/) {
  return new Promise((resolve, reject) => {
    const hang = setTimeout(() => reject(new Error("the server was not ready in time")), HANG);
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      const port = address.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(hang);
      resolve(Number(port));
    });
    child.once("exit", (code) => {
      clearTimeout(hang);
      reject(new Error(`the server ended with code ${code} before it was ready\n${text}`));
    });
  });
}

/** Starts the bare `ws` server that sends every message back. */
export async function startEcho() {
  const child = start(process.execPath, [beside("echo-server.mjs")], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { port } = await message(child);
  return { child, port };
}

/**
 * Starts the load generator: one process for both sides of a comparison.
 * @returns what it can be asked, see load.mjs
 */
export function startLoad() {
  const child = start(process.execPath, [beside("load.mjs")], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ask = async (/** @type {string} */ name, /** @type {unknown[]} */ ...args) => {
    child.send({ ask: name, args });
    const { answer, error } = await message(child);
    if (error !== undefined) throw new Error(`load generator: ${error}`);
    return answer;
  };
  return {
    child,
    open: (name, options) => ask("open", name, options),
    measure: (name, ms) => ask("measure", name, ms),
    close: (name) => ask("close", name),
  };
}

/** @param {import("node:child_process").ChildProcess} child */
function message(child) {
  return new Promise((resolve, reject) => {
    const settle = (/** @type {() => void} */ act) => {
      clearTimeout(hang);
      child.off("message", got).off("exit", ended);
      act();
    };
    const got = (/** @type {any} */ value) => settle(() => resolve(value));
    const ended = () => settle(() => reject(new Error("a child ended before it had answered")));
    const hang = setTimeout(() => settle(() => reject(new Error("a child did not answer in time"))), HANG);
    child.on("message", got).on("exit", ended);
  });
}

/**
 * Resident memory of a process in bytes.
 * @param {number} pid
 */
export function residentBytes(pid) {
  if (process.platform === "linux") {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
  }
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1024;
}

const beside = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
