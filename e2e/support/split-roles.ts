import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RoundRobin, startRoundRobin } from "./round-robin.js";
import { freshFolder, PARLEY, run } from "./server.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** One role of several, in a process of its own. `said(name)`: the address of that name that it printed. */
type Part = {
  readonly port: number;
  said(name: string): string;
  stop(signal: NodeJS.Signals): Promise<unknown>;
};

/** Two proxies behind a load balancer, two workflows and a studio over one log on a NATS server. */
export type SplitRoles = {
  /** Where visitors are: the load balancer; ends with "/". */
  readonly url: string;
  readonly proxies: readonly Part[];
  /** The studio, with a login link that is good once. */
  readonly login: string;
  stop(): Promise<void>;
};

/** @param flow path of the flow file that the studio serves */
export async function startSplitRoles(flow: string): Promise<SplitRoles> {
  const nats = await startNats();
  const log = `nats://127.0.0.1:${nats.port}/split`;
  execFileSync(process.execPath, [PARLEY, "setup"], { env: { ...process.env, LOG: log }, encoding: "utf8" });
  const balancer: RoundRobin = await startRoundRobin();
  const url = `http://localhost:${balancer.port}/`;
  const parts: Part[] = [];
  const start = async (role: string, args: string[], env: Record<string, string> = {}) => {
    const part = await startPart(["--role", role, "--log", log, ...args], { LIMITS: "off", PUBLIC_URL: url, ...env });
    parts.push(part);
    return part;
  };
  const studio = await start("studio", [flow]);
  const here = { STUDIO_URL: `http://127.0.0.1:${studio.port}` };
  const [one, two] = await Promise.all([
    ...[start("proxy", [], here), start("proxy", [], here)],
    ...[start("workflow", []), start("workflow", [])],
  ]);
  balancer.ports.push(one!.port, two!.port);
  return {
    url,
    proxies: [one!, two!],
    login: studio.said("Studio"),
    async stop() {
      await balancer.close();
      await Promise.all(parts.map((part) => part.stop("SIGKILL")));
      await nats.stop();
    },
  };
}

async function startPart(args: string[], env: Record<string, string>): Promise<Part> {
  const { child, ended, output } = run({ args, env, flow: false });
  const said = (name: string) => new RegExp(`${name}\\s+(\\S+)`).exec(output())?.[1] ?? "";
  await new Promise<void>((resolve, reject) => {
    const look = () => said("Data") !== "" && resolve();
    child.stdout?.on("data", look);
    void ended.then(({ code }) => reject(new Error(`${args.join(" ")} ended with ${code}:\n${output()}`)));
  });
  return {
    said,
    port: Number(new URL(said("Health")).port),
    stop(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

async function startNats(): Promise<{ port: string; stop(): Promise<void> }> {
  const binary = execFileSync(process.execPath, [join(ROOT, "scripts/find-nats-server.mjs")], { encoding: "utf8" });
  const folder = dirname(freshFolder());
  const config = join(folder, "nats.conf");
  writeFileSync(config, `jetstream { store_dir: ${JSON.stringify(join(folder, "store"))} }\n`);
  const args = ["-c", config, "-a", "127.0.0.1", "-p", "-1"];
  const child: ChildProcess = spawn(binary.trim(), args, { stdio: ["ignore", "ignore", "pipe"] });
  process.once("exit", () => child.kill("SIGKILL"));
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on("data", (chunk: Buffer) => {
      output += chunk;
      if (output.includes("Server is ready")) resolve();
    });
    child.once("exit", () => reject(new Error(`nats-server ended:\n${output}`)));
  });
  return {
    port: /client connections on [\d.]+:(\d+)/.exec(output)![1]!,
    async stop() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
