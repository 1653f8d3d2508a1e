import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, type Program } from "@parley/shared/flow/compile";
import type { FlowJson } from "@parley/shared/flow/json";
import { isErased, type LogRecord } from "@parley/shared/record";
import { expect } from "vitest";
import { Load } from "../load.js";
import { Random } from "../random.js";
import { FLOWS } from "../server.js";
import { checkVisitor, lossOf, settled } from "../settled.js";
import { answered, stayConnected } from "../stay-connected.js";
import { linesOfLog } from "../verdict.js";
import { Visitor } from "../visitor.js";
import { befall, inTime } from "./befall.js";
import { CALM, Network } from "./network.js";
import { People, webhookReceiver } from "./people.js";
import { type Engine, type Plan, PROCESSES, planOf } from "./plan.js";
import { type System, startSystem } from "./system.js";

const VISITORS = 24;
const THINKS = 100;
/** Behind most misfortunes only so many visitors are waited for: the next comes while the others are still coming back. */
const SOME = 4;
/** Behind each so many of them, all are. */
const ALL = 4;
/** Characters of what each process printed that a failure tells. */
const SAID = 3_000;

const flow = JSON.parse(readFileSync(join(FLOWS, "bot-assistant.json"), "utf8")) as FlowJson;

/** What one episode did, all of it seen to have happened. */
export type Done = {
  /** Processes that were ended by SIGKILL. */
  kills: number;
  /** How often each fault came. */
  faults: Record<string, number>;
  /** How often a process was ended at each named point. */
  points: Record<string, number>;
  /** What people did meanwhile. */
  people: Record<string, number>;
  acked: number;
  /** Acknowledged messages that the log does not have, and messages that it has more than once. */
  lost: number;
  doubled: number;
  /** Messages sent again because their first sending was not answered: their outcome was unclear for a while. */
  unclear: number;
  readonly without: Readonly<Record<string, string>>;
};

/**
 * One product from a fresh folder on, talked to by visitors who keep a ledger while this and that befalls it and people work
 * in it; at the end the ledger is compared with what another process reads in the log. What befalls it follows from the seed.
 * @param until when it is to be over, by the process's clock in ms; no misfortune begins later
 * @param plan what befalls it, where that is not to follow from the seed
 * @throws AssertionError a promise was broken
 */
export async function episode(
  engine: Engine,
  seed: number,
  until: number,
  plan: Plan = planOf(engine, seed),
): Promise<Done> {
  const random = new Random(seed);
  const load = new Load(random);
  const network = Network.start(seed);
  const receiver = await webhookReceiver();
  let system: System | undefined;
  const end = new AbortController();
  try {
    system = await startSystem(engine, network, { WEBHOOK_ALLOW: receiver.address });
    const { chats, without } = system;
    await network.plan(plan.network);
    const visitors = Array.from(
      { length: VISITORS },
      (_, i) =>
        new Visitor(load, `v${i}`, {
          ...{ tabs: 1 + (i % 2), resets: i % 4 === 0, manned: i % 3 === 2, thinks: THINKS },
          repeated: plan.network.repeat > 0,
        }),
    );
    const online = visitors.map((visitor) => stayConnected(visitor, () => chats, random, end.signal));
    const service = (to: readonly Visitor[]) => Promise.all(to.map(({ tabs }) => answered(tabs[0]!)));
    const people = new People({
      ...{ studio: () => system!.studio(), chat: () => system!.chat(), visitors, flow },
      webhooks: receiver.address,
    });
    const done: Done = {
      ...{ kills: 0, faults: {}, points: {}, acked: 0, lost: 0, doubled: 0, unclear: 0 },
      ...{ people: people.counts, without: Object.fromEntries(without) },
    };
    await inTime(service(visitors), "the first answers");
    const working = people.work();
    for (const [i, one] of plan.misfortunes.entries()) {
      const { name, kills, point } = await befall({ system, network, load, visitors, people, comes: plan.comes }, one);
      done.kills += kills;
      count(done.faults, name);
      if (point !== undefined) count(done.points, point);
      const from = (i * SOME) % VISITORS;
      const waited = i % ALL === ALL - 1 ? visitors : visitors.slice(from, from + SOME);
      await inTime(service(waited), `service after "${name}"`);
      if (performance.now() > until) break;
    }
    await network.plan(CALM);
    await inTime(people.end(working), "the end of what people do");
    load.stopping = true;
    const fresh = await inTime(Promise.all(visitors.map((visitor) => settled(visitor, system!.chat()))), "quiet");
    const programs = await compiled(people);
    const records = await system.records();
    const program = ({ version }: { readonly version: number }) => programs.get(version);
    const losses = visitors.map((visitor) => lossOf(recordsOf(records, visitor), visitor));
    done.lost = losses.flatMap(({ lost }) => lost).length;
    done.doubled = losses.flatMap(({ doubled }) => doubled).length;
    expect(
      losses.flatMap(({ lost }) => lost),
      "[P1] acknowledged, and not in the log",
    ).toEqual([]);
    expect(
      losses.flatMap(({ doubled }) => doubled),
      "[P3] in the log more than once",
    ).toEqual([]);
    for (const [i, visitor] of visitors.entries()) {
      checkVisitor(recordsOf(records, visitor), visitor, fresh[i]!, program);
    }
    checkPeople(people, records);
    end.abort();
    await network.storm();
    await Promise.all(online);
    for (const [name, times] of Object.entries(await network.counts())) count(done.faults, name, times);
    const sent = visitors.flatMap((visitor) => [...visitor.sent.values()]);
    done.acked = sent.filter(({ acks }) => acks > 0).length;
    done.unclear = sent.filter(({ sends }) => sends > 1).length;
    return done;
  } catch (error) {
    for (const name of PROCESSES[engine]) {
      console.error(`── the end of what "${name}" said:\n${system?.running(name)?.output().slice(-SAID)}`);
    }
    throw error;
  } finally {
    end.abort();
    await network.end();
    await system?.dispose();
    receiver.server.close();
  }
}

type Records = ReadonlyMap<string, readonly LogRecord[]>;

const recordsOf = (records: Records, visitor: Visitor): readonly LogRecord[] =>
  records.get([...visitor.sids][0]!) ?? [];

/** Adds to a count; of nothing there is none. */
export function count(counts: Record<string, number>, name: string, times = 1): void {
  if (times > 0) counts[name] = (counts[name] ?? 0) + times;
}

/** The programs of all versions, each of which has to be what its publishing was answered for (P6). */
async function compiled(people: People): Promise<Map<number, Program>> {
  const flows = await inTime(people.versions(), "the versions");
  for (const [version, text] of people.published) {
    expect(JSON.stringify(flows.get(version)), `[P6] version ${version} is what was published`).toBe(text);
  }
  return new Map([...flows].map(([version, json]) => [version, compile(json)]));
}

/** Judges what was answered to people by the log. */
function checkPeople(people: People, records: Records): void {
  expect(people.wrong, "what people were answered").toEqual([]);
  for (const [sid, said] of people.said) {
    const texts = linesOfLog(records.get(sid) ?? []).map(({ message }) =>
      "content" in message ? message.content : "",
    );
    for (const text of said) {
      expect(texts.filter((one) => one === text).length, `[P16] "${text}", which a person was told is said`).toBe(1);
    }
  }
  for (const sid of people.erased) {
    expect(
      (records.get(sid) ?? []).filter((record) => !isErased(record)),
      "[P17] erased, and still there",
    ).toEqual([]);
  }
}
