import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { compile } from "@parley/shared/flow/compile";
import { expect } from "vitest";
import { Load } from "../load.js";
import { alive } from "../process.js";
import { Random } from "../random.js";
import { FLOWS } from "../server.js";
import { checkVisitor, settled } from "../settled.js";
import { answered, stayConnected } from "../stay-connected.js";
import { Visitor } from "../visitor.js";
import { CALM, Network, type Plan } from "./network.js";
import { type Engine, type System, startSystem } from "./system.js";

const VISITORS = 24;
const THINKS = 60;
/** A message comes through so soon after everything is right again, in ms: what takes longer hangs. */
const BACK = 60_000;
/** Between two misfortunes, and how long one lasts, in ms. */
const PAUSE = [200, 1_200] as const;
const LASTS = [300, 3_000] as const;
/** At this many messages a session, sessions are read and judged, and new ones begin. */
export const ROUNDS = 12;

/** The networks that an episode may have. */
const PLANS: readonly Plan[] = [
  CALM,
  { ...CALM, delay: 0.5 },
  { ...CALM, cut: 0.4 },
  { ...CALM, silence: 0.2 },
  { ...CALM, repeat: 0.2, reorder: 0.2 },
  { cut: 0.2, silence: 0.1, delay: 0.3, repeat: 0.1, reorder: 0.1 },
];

const program = compile(JSON.parse(readFileSync(join(FLOWS, "bot-assistant.json"), "utf8")));

/** What one episode did, all of it seen to have happened. */
export type Done = {
  kills: number;
  /** How often each fault came. */
  faults: Record<string, number>;
  acked: number;
  /** Messages sent again because their first sending was not answered: their outcome was unclear for a while. */
  unclear: number;
  readonly without: Readonly<Record<string, string>>;
};

/**
 * One product from a fresh folder on, talked to by visitors who keep a ledger while this and that befalls it; at the end
 * the ledger is compared with what another process reads in the log. A function of its seed, as far as processes are.
 * @param until when it is to be over, by the process's clock in ms; no round begins later
 * @throws AssertionError a promise was broken
 */
export async function episode(engine: Engine, seed: number, until: number): Promise<Done> {
  const random = new Random(seed);
  const load = new Load(random);
  const network = Network.start(seed);
  let system: System | undefined;
  const end = new AbortController();
  try {
    system = await startSystem(engine, network);
    const { chats, without } = system;
    const plan = random.pick(PLANS);
    await network.plan(plan);
    const visitors = Array.from(
      { length: VISITORS },
      (_, i) =>
        new Visitor(load, `v${i}`, {
          ...{ tabs: 1 + (i % 2), resets: i % 4 === 0, thinks: THINKS },
          repeated: plan.repeat > 0,
        }),
    );
    const online = visitors.map((visitor) => stayConnected(visitor, () => chats, random, end.signal));
    const everybody = () => Promise.all(visitors.map(({ tabs }) => answered(tabs[0]!)));
    const done: Done = { kills: 0, faults: {}, acked: 0, unclear: 0, without: Object.fromEntries(without) };
    await inTime(everybody(), "the first answers");
    for (let round = 0; round < ROUNDS && performance.now() < until; round++) {
      await delay(random.int(...PAUSE));
      const name = await befall(system, network, load, visitors);
      if (name === "killed") done.kills += 1;
      done.faults[name] = (done.faults[name] ?? 0) + 1;
      await inTime(everybody(), `service after "${name}"`);
    }
    await network.plan(CALM);
    load.stopping = true;
    const fresh = await inTime(Promise.all(visitors.map((visitor) => settled(visitor, system!.chat()))), "quiet");
    const records = await system.records();
    for (const [i, visitor] of visitors.entries()) {
      checkVisitor(records.get([...visitor.sids][0]!) ?? [], visitor, fresh[i]!, program);
    }
    end.abort();
    await network.storm();
    await Promise.all(online);
    for (const [name, count] of Object.entries(await network.counts())) {
      if (count > 0) done.faults[name] = (done.faults[name] ?? 0) + count;
    }
    const sent = visitors.flatMap((visitor) => [...visitor.sent.values()]);
    done.acked = sent.filter(({ acks }) => acks > 0).length;
    done.unclear = sent.filter(({ sends }) => sends > 1).length;
    return done;
  } finally {
    end.abort();
    await network.end();
    await system?.dispose();
  }
}

/** One misfortune, and everything right again. @returns its name */
async function befall(system: System, network: Network, load: Load, visitors: readonly Visitor[]): Promise<string> {
  const { random } = load;
  const name = random.pick(["killed", "killed", "terminated", "stalled", "storm", ...system.misfortunes.keys()]);
  const lasts = random.int(...LASTS);
  if (name === "storm") {
    expect(await network.storm(), "connections that were cut").toBeGreaterThan(0);
    return name;
  }
  const misfortune = system.misfortunes.get(name);
  if (misfortune) {
    await misfortune(lasts);
    return name;
  }
  const which = random.pick(system.names);
  const one = system.running(which);
  const inFlight = () => visitors.some(({ unacked }) => unacked.some((entry) => entry.inFlight));
  const signal = { killed: "SIGKILL", terminated: "SIGTERM", stalled: "SIGSTOP" }[name]!;
  // Somebody has just said something.
  const sent = new Promise<void>((resolve) => {
    load.moment("sent", 1 + random.int(0, 20), random.int(0, 4), () => {
      if (!inFlight()) return false;
      process.kill(one.pid, signal);
      resolve();
      return true;
    });
  });
  await inTime(sent, "a message under way");
  if (name === "stalled") {
    await delay(lasts);
    process.kill(one.pid, "SIGCONT");
    return name;
  }
  expect(await one.ended).toEqual(name === "killed" ? { code: null, signal } : { code: 0, signal: null });
  expect(alive(one.pid)).toBe(false);
  if (random.chance(0.5)) await delay(lasts);
  await system.start(which);
  expect(system.running(which).pid).not.toBe(one.pid);
  return name;
}

/** The promise's outcome. @throws Error it hangs */
async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  const end = new AbortController();
  const late = delay(BACK, undefined, { signal: end.signal }).then(() => {
    throw new Error(`not there after ${BACK / 1000} s: ${what}`);
  });
  late.catch(() => undefined); // Told by the race, or nobody waits any more.
  try {
    return await Promise.race([promise, late]);
  } finally {
    end.abort();
  }
}
