import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { compile } from "@parley/shared/flow/compile";
import { afterEach, expect, it, onTestFailed } from "vitest";
import { openLog } from "../log/reader.js";
import { Load } from "../testing/load.js";
import { noOlderBuild, olderBuild } from "../testing/other-build.js";
import { Random, seedOfRun } from "../testing/random.js";
import { FLOWS } from "../testing/server.js";
import { type Servers, startServers } from "../testing/servers.js";
import { checkVisitor, settled } from "../testing/settled.js";
import { answered, stayConnected } from "../testing/stay-connected.js";
import { Visitor } from "../testing/visitor.js";

const VISITORS = 24;
const program = compile(JSON.parse(readFileSync(join(FLOWS, "bot-assistant.json"), "utf8")));
const why = noOlderBuild();

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

it.skipIf(why !== "")(
  `[P1] [P3] [P4] [P5] [P8] a rolling upgrade of two proxies and two workflows, old beside new, loses nothing${why}`,
  { timeout: 300_000 },
  async () => {
    const seed = seedOfRun();
    let step = "all old";
    onTestFailed(() => console.error(`PARLEY_SEED=${seed} repeats this run; it came to: ${step}`));
    const older = olderBuild();
    cleanup.push(older.dispose);
    const servers = await startServers("nats", { bin: older.bin });
    cleanup.push(() => servers.dispose());
    const load = new Load(new Random(seed));
    const visitors = Array.from(
      { length: VISITORS },
      (_, i) => new Visitor(load, `v${i}`, { tabs: 1 + (i % 2), resets: i % 4 === 0, thinks: 100 }),
    );
    const end = new AbortController();
    cleanup.push(() => end.abort());
    for (const visitor of visitors) void stayConnected(visitor, () => servers.chats(), load.random, end.signal);
    const everybody = () => Promise.all(visitors.map(({ tabs }) => answered(tabs[0]!)));
    await everybody();

    // In the order of docs/operations.md, and a step back of each in between: both builds work side by side throughout.
    const steps = [
      ...([["workflow 1"], ["workflow 1", "old"], ["workflow 1"], ["workflow 2"], ["studio"]] as const),
      ...([["proxy 1"], ["proxy 1", "old"], ["proxy 1"], ["proxy 2"]] as const),
    ];
    for (const [name, build = "new"] of steps) {
      step = `${name} ${build}`;
      await servers.stop(name);
      await servers.start(name, build === "old" ? older.bin : undefined);
      // Of four partitions each steps two, the other build the others.
      if (name.startsWith("workflow")) await shared(servers);
      await everybody();
    }

    load.stopping = true;
    const fresh = await Promise.all(visitors.map((visitor) => settled(visitor, servers.chats()[0]!)));
    const log = await openLog(servers.log);
    cleanup.push(() => log.close());
    for (const [i, visitor] of visitors.entries()) {
      checkVisitor(await log.read([...visitor.sids][0]!), visitor, fresh[i]!, program);
    }
    const sent = visitors.flatMap((visitor) => [...visitor.sent.values()]);
    expect(sent.filter(({ sends }) => sends > 1).length, "messages sent again").toBeGreaterThan(0);
    console.log(
      `seed ${seed}: ${sent.length} messages, ${load.counts.acks} acknowledged, over ${steps.length} changes`,
    );
  },
);

/** Resolves once each workflow steps its half. */
async function shared(servers: Servers): Promise<void> {
  for (;;) {
    const owned = ["workflow 1", "workflow 2"].map(async (name) => {
      const at = /Health\s+(http:\S+?:\d+)\//.exec(servers.running.get(name)!.output())![1]!;
      const metrics = await (await fetch(`${at.replace("localhost", "127.0.0.1")}/metrics`)).text();
      return Number(/^parley_workflow_partitions (\d+)/m.exec(metrics)![1]);
    });
    if ((await Promise.all(owned)).every((n) => n === 2)) return;
    await delay(50);
  }
}
