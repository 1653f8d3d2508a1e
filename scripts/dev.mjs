// `npm run dev`: compiles shared, runtime, widget and studio on every save and restarts the server when it changed.
import { mkdirSync, watch } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { ensureBuilt, ensureInstalled, PrepareError, ROOT } from "./prepare.mjs";
import { endChild, endOnSignals, endWithNpm, startChild } from "./processes.mjs";
import { serveArguments } from "./serve-arguments.mjs";

/** Compilers write many files at once: the server restarts when none was written for so long, in ms. */
const QUIET = 200;

endWithNpm();
endOnSignals();
try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  // Sources that don't compile are what a watcher is for: it shows the same errors and goes on.
  console.error(error instanceof PrepareError ? error.message : error);
}

const argv = serveArguments(process.argv.slice(2), "flows/bot-assistant.json");
/** @type {import("node:child_process").ChildProcess | undefined} */
let server;
let restarting = Promise.resolve();
/** @type {NodeJS.Timeout | undefined} */
let timer;

prefixed("types", ["node_modules/typescript/bin/tsc", "-b", "-w", "--preserveWatchOutput", "shared", "runtime"]);
prefixed("widget", ["widget/build.mjs", "--watch"]);
prefixed("studio", [
  ...["node_modules/vite/bin/vite.js", "build", "studio", "--watch"],
  ...["--mode", "development", "--logLevel", "warn"],
]);
startServer();
for (const dist of ["shared/dist", "runtime/dist"]) {
  mkdirSync(path.join(ROOT, dist), { recursive: true });
  watch(path.join(ROOT, dist), { recursive: true }, (_event, name) => {
    if (!name?.endsWith(".js")) return;
    clearTimeout(timer);
    timer = setTimeout(restart, QUIET);
  });
}

function restart() {
  restarting = restarting.then(async () => {
    // Whatever was acknowledged is in the log, so a server that drains slowly may be cut short here.
    if (server !== undefined) await endChild(server);
    startServer();
  });
}

function startServer() {
  const child = prefixed("server", [
    "--disallow-code-generation-from-strings",
    "--enable-source-maps",
    "runtime/bin/parley.js",
    ...argv,
  ]);
  server = child;
  child.once("exit", (code) => {
    if (code !== 0 && code !== null)
      console.log(`server | ended with code ${code}; it starts again after the next change`);
  });
}

/**
 * Starts a Node process each line of which is shown behind a name.
 * @param {string} name
 * @param {string[]} args
 */
function prefixed(name, args) {
  const child = startChild(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", (line) => console.log(`${name.padEnd(6)} | ${line}`));
  }
  return child;
}
