import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findNatsServer } from "../find-nats-server.mjs";
import { ROOT } from "../prepare.mjs";
import { readyPort, scratch, start } from "./children.mjs";
import { fluvioClient, fluvioHops } from "./fluvio-hops.mjs";
import { natsHops } from "./nats-hops.mjs";

const PARLEY = ["--disallow-code-generation-from-strings", path.join(ROOT, "runtime/bin/parley.js")];
const FLOW = path.join(ROOT, "flows/bot-assistant.json");

/**
 * A log that processes share: its address for `LOG`, and two bare hops by the same engine, see nats-hops.mjs. `leased`:
 * workflows share its partitions out themselves. `before`: turns a second of 1,000 visitors that others have had of it.
 * @typedef {{
 *   name: string, log: string, leased: boolean, hops: () => Promise<{ measure: (ms: number) => Promise<number> }>,
 *   before?: { whose: string, perSecond: number }, end?: () => Promise<void>,
 * }} Engine
 */

/** @typedef {{ child: import("node:child_process").ChildProcess, port: number }} Started */

/**
 * The engines that can be had here. `turn`: how many times two bare hops a visitor's turn may take.
 * @type {readonly { begin: (partitions: number) => Promise<Engine>, turn: number }[]}
 */
export const ENGINES = [
  { begin: startNats, turn: 2 },
  ...(process.env.FLUVIO_ENDPOINT ? [{ begin: startFluvio, turn: 1.3 }] : []),
];

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
  return { name: "nats", log, leased: true, hops: () => natsHops(address) };
}

/**
 * A log of its own on the cluster that FLUVIO_ENDPOINT names, deleted at the end.
 * @param {number} partitions
 * @returns {Promise<Engine>}
 */
async function startFluvio(partitions) {
  const endpoint = process.env.FLUVIO_ENDPOINT ?? "";
  const name = `parley-bench-${process.pid}`;
  const log = `fluvio://${endpoint}/${name}`;
  setUp(log, partitions);
  return {
    ...{ name: "fluvio", log, leased: false },
    hops: () => fluvioHops(endpoint, `${name}-bare`),
    before: { whose: "the demo that this grew from, which acknowledged nothing", perSecond: 3_106 },
    async end() {
      const admin = await (await fluvioClient(endpoint)).admin();
      for (const topic of [name, `${name}-control`, `${name}-bare`]) {
        await admin.deleteTopic(topic).catch(() => undefined); // The last is there only where hops were measured.
      }
    },
  };
}

/** Makes the log's streams, as a user does. @param {string} log @param {number} partitions */
function setUp(log, partitions) {
  const env = { ...process.env, LOG: log, PARTITIONS_COUNT: String(partitions) };
  const { status, stderr } = spawnSync(process.execPath, [...PARLEY, "setup"], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`parley setup: ${stderr}`);
}

/**
 * Starts so many workflows as are not there yet, and waits until each steps its share of the partitions. Where they do not
 * share them out themselves, those that are there begin anew with a smaller share.
 * @param {Started[]} workflows those that run; changed
 * @param {number} count
 * @param {Engine} engine
 * @param {number} partitions
 */
export async function grow(workflows, count, engine, partitions) {
  const on = { log: engine.log, partitions };
  if (!engine.leased) {
    for (const { child } of workflows.splice(0)) {
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("exit", resolve));
    }
  }
  const share = partitions / count;
  while (workflows.length < count) {
    const first = workflows.length * share;
    const owned = engine.leased ? {} : { owned: `${first}-${first + share - 1}` };
    workflows.push(await startRole("workflow", { ...on, ...owned }));
  }
  await shared(workflows, partitions);
}

/**
 * Resolves when each workflow steps its share of the partitions.
 * @param {readonly { port: number }[]} workflows
 * @param {number} partitions
 */
async function shared(workflows, partitions) {
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
 * @param {{ log?: string, partitions: number, owned?: string, nodeFlags?: readonly string[] }} options
 * @returns {Promise<Started>} once it is ready
 */
export async function startRole(role, { log = "sqlite", partitions, owned, nodeFlags = [] }) {
  const flow = role === "studio" || role === "all" ? [FLOW] : [];
  const own = ["--role", role, "--log", log, "--partitions-count", String(partitions)];
  if (owned !== undefined) own.push("--partitions", owned);
  const rest = ["--port", "0", "--data-dir", scratch(), "--log-level", "error", "--limits", "off"];
  const child = start(process.execPath, [...nodeFlags, ...PARLEY, "serve", ...flow, ...own, ...rest], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, port: await readyPort(child, /(?:Health\s+http|Websocket\s+ws):\/\/[^:]+:(\d+)/) };
}
