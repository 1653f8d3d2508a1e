import { exec } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { compile } from "@parley/shared/flow/compile";
import { afterEach, expect, it, onTestFailed } from "vitest";
import type { EventLog } from "../log/event-log.js";
import { fluvioAddress } from "../log/fluvio/address.js";
import { Cluster } from "../log/fluvio/cluster.js";
import { openFluvioLog } from "../log/fluvio/fluvio-log.js";
import { deleteTopics, makeTopics } from "../log/fluvio/setup.js";
import { natsAddress } from "../log/nats/address.js";
import { Link } from "../log/nats/link.js";
import { openNatsLog } from "../log/nats/nats-log.js";
import { makeStreams } from "../log/nats/setup.js";
import { Load } from "../testing/load.js";
import { bySession, everything } from "../testing/log-readers.js";
import { startNatsServer } from "../testing/nats-server.js";
import { alive, launch, type ServerProcess } from "../testing/process.js";
import { Random, seedOfRun } from "../testing/random.js";
import { FLOWS, scratch } from "../testing/server.js";
import { checkVisitor, settled } from "../testing/settled.js";
import { answered, stayConnected } from "../testing/stay-connected.js";
import { Visitor } from "../testing/visitor.js";

const PARTITIONS = 4;
const VISITORS = 200;
/** Service is back so soon after what was lost is there again, in ms. */
const BACK = 10_000;
const program = compile(JSON.parse(readFileSync(join(FLOWS, "bot-assistant.json"), "utf8")));

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** A log that processes share, made for this run. */
type Engine = {
  readonly log: string;
  /** Which partitions a workflow steps, where they do not share them out themselves. */
  readonly partitions?: Readonly<Record<string, string>>;
  /** Kills the log's server and starts it again; absent: it is not this test's to kill. */
  readonly restart?: () => Promise<void>;
  readonly open: () => Promise<EventLog>;
};

async function onNats(): Promise<Engine> {
  const nats = await startNatsServer();
  cleanup.push(() => nats.dispose());
  const address = natsAddress(`nats://${nats.address}/many`);
  const setup = await Link.open(address);
  await makeStreams(setup, { partitions: PARTITIONS, replicas: 1 });
  await setup.close();
  const restart = async () => {
    await nats.signal("SIGKILL");
    await nats.start();
  };
  return { log: address.shown, restart, open: () => openNatsLog({ address, partitions: PARTITIONS }) };
}

/** On the cluster that FLUVIO_ENDPOINT names; FLUVIO_RESTART, a command, kills its servers and starts them again. */
async function onFluvio(): Promise<Engine> {
  const { FLUVIO_ENDPOINT, FLUVIO_RESTART } = process.env;
  const address = fluvioAddress(`fluvio://${FLUVIO_ENDPOINT}/many-${process.pid}`);
  const cluster = await Cluster.open(address);
  await makeTopics(cluster, { partitions: PARTITIONS, replicas: 1 });
  cleanup.push(async () => deleteTopics(await Cluster.open(address)));
  return {
    log: address.shown,
    partitions: { "workflow 1": "0-1", "workflow 2": "2-3" },
    ...(FLUVIO_RESTART && { restart: async () => void (await promisify(exec)(FLUVIO_RESTART)) }),
    open: () => openFluvioLog({ address, index: ":memory:", partitions: PARTITIONS }),
  };
}

const name =
  "[P1] [P3] [P4] [P5] [P8] hold on processes of their own over one log while each of them is killed, and its server";
it(`${name}: nats`, { timeout: 300_000 }, () => killEach(onNats));
const withoutFluvio = process.env.FLUVIO_ENDPOINT === undefined;
const onReal = withoutFluvio ? `${name}: fluvio (FLUVIO_ENDPOINT names no cluster)` : `${name}: fluvio`;
it.skipIf(withoutFluvio)(onReal, { timeout: 300_000 }, () => killEach(onFluvio));

async function killEach(begin: () => Promise<Engine>): Promise<void> {
  const seed = seedOfRun();
  onTestFailed(() => console.error(`PARLEY_SEED=${seed} repeats this run.`));
  const load = new Load(new Random(seed));
  const engine = await begin();

  const folders = new Map<string, ReturnType<typeof scratch>>();
  const start = async (name: string): Promise<ServerProcess> => {
    const folder = folders.get(name) ?? scratch();
    if (!folders.has(name)) cleanup.push(() => folder.dispose());
    folders.set(name, folder);
    const role = name.split(" ")[0]!;
    const owned = engine.partitions?.[name];
    const args = [
      "--log",
      engine.log,
      ...(owned ? ["--partitions", owned] : []),
      "--role",
      role,
      "--limits",
      "off",
      "--log-level",
      "error",
    ];
    const started = launch({ dataDir: folder.path, args, flow: role === "studio" && "bot-assistant" });
    cleanup.push(() => started.stop("SIGKILL"));
    await started.says("Parley is ready.");
    running.set(name, started);
    return started;
  };
  const running = new Map<string, ServerProcess>();
  const names = ["studio", "proxy 1", "proxy 2", "workflow 1", "workflow 2"];
  await Promise.all(names.map(start));
  const of = (role: string) => [...running].flatMap(([name, one]) => (name.startsWith(role) ? [one] : []));
  /** Each workflow has its share. */
  const shared = () => until(async () => (await owned(of("workflow"))).every((n) => n === 2));
  await shared();

  const visitors = Array.from({ length: VISITORS }, (_, i) => {
    // People, so that a conversation is as long as one of theirs, however fast the machine is.
    return new Visitor(load, `v${i}`, { tabs: 1, resets: false, thinks: 4_000 });
  });
  const end = new AbortController();
  cleanup.push(() => end.abort());
  const proxies = () => of("proxy").map((proxy) => `${proxy.wsUrl}chat/bot-assistant`);
  for (const visitor of visitors) void stayConnected(visitor, proxies, load.random, end.signal);
  /** Everybody gets on: what each says is answered. @returns after how many ms */
  const everybodyIsAnswered = async (): Promise<number> => {
    const from = performance.now();
    await Promise.all(visitors.map(({ tabs }) => answered(tabs[0]!)));
    return Math.round(performance.now() - from);
  };
  const back: Record<string, number> = {};
  onTestFailed(() => console.error(`all on again after ms, as far as it came: ${JSON.stringify(back)}`));
  /** What it takes on this machine when nothing is lost. */
  let usual = 0;

  /** Ends it when somebody has just said something. */
  const kill = async (name: string): Promise<void> => {
    usual = Math.max(usual, await everybodyIsAnswered());
    const killed = running.get(name)!;
    await new Promise<void>((resolve) => {
      load.moment("sent", 5, 0, () => {
        if (!visitors.some(({ unacked }) => unacked.some(({ inFlight }) => inFlight))) return false;
        running.delete(name);
        void killed.stop("SIGKILL").then(() => resolve());
        return true;
      });
    });
    expect(alive(killed.pid)).toBe(false);
  };
  if (!engine.partitions) {
    // One that nobody starts again is replaced by the other.
    await kill("workflow 1");
    back["a workflow lost"] = await everybodyIsAnswered();
    await start("workflow 1");
  }
  for (const name of names) {
    await kill(name);
    await start(name);
    back[name] = await everybodyIsAnswered();
  }
  if (engine.restart) {
    await engine.restart();
    back["the log's server"] = await everybodyIsAnswered();
  }
  if (!engine.partitions) {
    await running.get("workflow 2")!.stop("SIGTERM");
    back["a workflow stopped"] = await everybodyIsAnswered();
  }

  load.stopping = true;
  const chat = `${of("proxy")[0]!.wsUrl}chat/bot-assistant`;
  const fresh = await Promise.all(visitors.map((visitor) => settled(visitor, chat)));
  const log = await engine.open();
  cleanup.push(() => log.close());
  const sessions = bySession(await everything(log));
  for (const [i, visitor] of visitors.entries()) {
    checkVisitor(sessions.get([...visitor.sids][0]!) ?? [], visitor, fresh[i]!, program);
  }
  const sent = visitors.flatMap((visitor) => [...visitor.sent.values()]);
  console.log(
    `seed ${seed}: ${sent.length} messages, ${load.counts.acks} acks, usually answered in ${usual} ms, all on again after ms: ${JSON.stringify(back)}`,
  );
  expect(Object.entries(back).filter(([, ms]) => ms - usual > BACK)).toEqual([]);
}

/** How many partitions each of the processes steps. */
async function owned(processes: readonly ServerProcess[]): Promise<number[]> {
  const each = processes.map(async (one) => {
    const at = /Health\s+(http:\S+?:\d+)\//.exec(one.output())![1]!.replace("localhost", "127.0.0.1");
    const metrics = await (await fetch(`${at}/metrics`)).text();
    return Number(/^parley_workflow_partitions (\d+)/m.exec(metrics)![1]);
  });
  return Promise.all(each);
}

async function until(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await delay(50);
}
