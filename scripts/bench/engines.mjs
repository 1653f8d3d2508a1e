import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findNatsServer } from "../find-nats-server.mjs";
import { ROOT } from "../prepare.mjs";
import { readyPort, scratch, start } from "./children.mjs";
import { natsHops } from "./nats-hops.mjs";

const PARLEY = ["--disallow-code-generation-from-strings", path.join(ROOT, "runtime/bin/parley.js")];
const FLOW = path.join(ROOT, "flows/bot-assistant.json");

/**
 * A log that processes share: its address for `LOG`, and two bare hops by the same engine, see nats-hops.mjs.
 * @typedef {{ name: string, log: string, hops: () => Promise<{ measure: (ms: number) => Promise<number> }> }} Engine
 */

/**
 * The engines that can be had here. `turn`: how many times two bare hops a visitor's turn may take.
 * @type {readonly { begin: (partitions: number) => Promise<Engine>, turn: number }[]}
 */
export const ENGINES = [{ begin: startNats, turn: 2 }];

/**
 * A NATS server of its own, and a log on it.
 * @param {number} partitions
 * @returns {Promise<Engine>}
 */
async function startNats(partitions) {
  const folder = scratch();
  const config = path.join(folder, "nats.conf");
  writeFileSync(config, `jetstream { store_dir: ${JSON.stringify(path.join(folder, "store"))} }\n`);
  const args = ["-c", config, "-a", "127.0.0.1", "-p", "-1"];
  const server = start(await findNatsServer(), args, { stdio: ["ignore", "ignore", "pipe"] });
  const [, port] = await new Promise((resolve, reject) => {
    let output = "";
    server.stderr?.on("data", (chunk) => {
      output += chunk;
      if (output.includes("Server is ready")) resolve(/client connections on [\d.]+:(\d+)/.exec(output));
    });
    server.once("exit", () => reject(new Error(`nats-server ended:\n${output}`)));
  });
  const address = `127.0.0.1:${port}`;
  const log = `nats://${address}/bench`;
  setUp(log, partitions);
  return { name: "nats", log, hops: () => natsHops(address) };
}

/** Makes the log's streams, as a user does. @param {string} log @param {number} partitions */
function setUp(log, partitions) {
  const env = { ...process.env, LOG: log, PARTITIONS_COUNT: String(partitions) };
  const { status, stderr } = spawnSync(process.execPath, [...PARLEY, "setup"], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`parley setup: ${stderr}`);
}

/**
 * Resolves when each workflow steps its share of the partitions.
 * @param {readonly { port: number }[]} workflows
 * @param {number} partitions
 */
export async function shared(workflows, partitions) {
  const own = async (/** @type {{ port: number }} */ { port }) => {
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(/^parley_workflow_partitions (\d+)/m.exec(metrics)?.[1]);
  };
  for (;;) {
    const counts = await Promise.all(workflows.map(own));
    if (counts.every((count) => count === partitions / workflows.length)) return;
    await delay(100);
  }
}

/**
 * Starts one role on a log, without rate limits, on a free port.
 * @param {"proxy" | "workflow" | "studio" | "all"} role
 * @param {{ log?: string, partitions: number, nodeFlags?: readonly string[] }} options
 * @returns {Promise<{ child: import("node:child_process").ChildProcess, port: number }>} once it is ready
 */
export async function startRole(role, { log = "sqlite", partitions, nodeFlags = [] }) {
  const flow = role === "studio" || role === "all" ? [FLOW] : [];
  const own = ["--role", role, "--log", log, "--partitions-count", String(partitions)];
  const rest = ["--port", "0", "--data-dir", scratch(), "--log-level", "error", "--limits", "off"];
  const child = start(process.execPath, [...nodeFlags, ...PARLEY, "serve", ...flow, ...own, ...rest], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, port: await readyPort(child, /(?:Health\s+http|Websocket\s+ws):\/\/[^:]+:(\d+)/) };
}
