import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type LogReader, openLog } from "../../log/reader.js";
import type { ServerProcess } from "../process.js";
import { Random } from "../random.js";
import { type Engine, type Servers, startServers } from "../servers.js";
import { judgeProcess, type ProcessFigures, quantile, type Sample, steady } from "./figures.js";
import { Talker, wrongs } from "./talker.js";

/** People who say the next thing as soon as they are answered: more find no more capacity. */
const SATURATING = 64;
/** Messages of a conversation. */
const MESSAGES = [4, 16] as const;
/** After the last one has left, sockets are closed and sessions let go of, in ms. */
const LET_GO = 20_000;
/** More descriptors than at the start that may stay: connections of a pool, files of a database. */
const KEPT = 8;

export type SoakOptions = {
  readonly engine: Engine;
  readonly seed: number;
  /** Of the soak itself, and of the measuring before it, in ms. */
  readonly lasts: number;
  readonly measures: number;
  /** Between two looks at a process, in ms. */
  readonly looks: number;
  /** Between two messages of a person on average, in ms. */
  readonly thinks: number;
};

export type SoakFigures = {
  /** Turns a second: what the load got out of it, and half of that. */
  readonly capacity: number;
  readonly offered: number;
  readonly turns: number;
  readonly acked: number;
  readonly sessions: number;
  readonly busy: number;
  /** By minute, in ms. */
  readonly ack: { readonly p50: number[]; readonly p99: number[] };
  readonly answer: { readonly p50: number[]; readonly p99: number[] };
  readonly processes: Readonly<Record<string, ProcessFigures>>;
  /** A sentence for each rule that was broken. */
  readonly broken: readonly string[];
};

/**
 * Measures what the servers can do, then has half of that said to them by people who come and go, as long as wanted, and
 * looks at memory, descriptors and times meanwhile. Every conversation is compared with the log when it ends.
 * @throws Error a message was lost or doubled, somebody saw another list, or something hung
 */
export async function soak({ engine, seed, lasts, measures, looks, thinks }: SoakOptions): Promise<SoakFigures> {
  const servers = await startServers(engine);
  const log = await openLog(servers.log);
  try {
    const load = new SoakLoad(servers, new Random(seed), thinks, log);
    const capacity = await load.saturate(measures);
    const before = new Map([...servers.running].map(([name, one]) => [name, descriptors(one)]));
    const looked = load.look(lasts, looks);
    await load.offer(capacity / 2, lasts);
    const samples = await looked;
    const figures = load.figures(Math.max(1, Math.floor(lasts / MINUTE)));
    const judged = [...samples].map(([name, of]) => [name, judgeProcess(name, of)] as const);
    const broken = [
      ...judged.flatMap(([, { broken }]) => broken),
      ...(steady(figures.ack.p99) ? [] : [`the p99 of acknowledgements is not steady: ${figures.ack.p99}`]),
      ...(steady(figures.answer.p99) ? [] : [`the p99 of answers is not steady: ${figures.answer.p99}`]),
      ...(await stillOpen(servers, before)),
      ...(lasts < MINUTE ? [] : waitsTooLong(quantile(figures.answer.p50, 0.5), capacity)),
    ];
    const processes = Object.fromEntries(judged.map(([name, { figures }]) => [name, figures]));
    return { capacity: Math.round(capacity), offered: Math.round(capacity / 2), ...figures, processes, broken };
  } finally {
    await log.close();
    await servers.dispose();
  }
}

const MINUTE = 60_000;

/** At half of the load nobody waits longer than at all of it, where each turn took its share of the capacity. */
function waitsTooLong(p50: number, capacity: number): string[] {
  const saturated = (SATURATING * 1000) / capacity;
  return p50 <= saturated
    ? []
    : [`an answer takes ${p50} ms at half of the load, ${Math.round(saturated)} ms at all of it`];
}

class SoakLoad {
  #turns = 0;
  #acked = 0;
  #sessions = 0;
  #busy = 0;
  #began = 0;
  /** Times by minute. */
  readonly #times: Record<"ack" | "answer", number[][]> = { ack: [], answer: [] };
  readonly #sockets = new Map<string, number>();

  constructor(
    private readonly servers: Servers,
    private readonly random: Random,
    private readonly thinks: number,
    /** Read beside the servers. */
    private readonly log: LogReader,
  ) {}

  get #url(): string {
    return this.random.pick(this.servers.chats());
  }

  /**
   * Turns a second when everybody goes on as soon as they are answered, and somebody new comes as soon as one leaves: over
   * the last three quarters of the time.
   */
  async saturate(ms: number): Promise<number> {
    const until = performance.now() + ms;
    const talking = Promise.all(
      Array.from({ length: SATURATING }, async () => {
        while (performance.now() < until) await this.#conversation(0, performance.now());
      }),
    );
    await Promise.race([talking, delay(ms / 4)]);
    const from = { turns: this.#turns, at: performance.now() };
    await Promise.race([talking, delay(until - performance.now())]);
    const capacity = ((this.#turns - from.turns) * 1000) / (performance.now() - from.at);
    await talking;
    return capacity;
  }

  /** So many turns a second, said when they are due whether or not the servers keep up. */
  async offer(perSecond: number, ms: number): Promise<void> {
    this.#began = performance.now();
    const between = (1000 * (MESSAGES[0] + MESSAGES[1])) / 2 / perSecond;
    const all: Promise<void>[] = [];
    let failed: unknown;
    for (let due = this.#began; due < this.#began + ms; due += exponential(this.random, between)) {
      await delay(Math.max(0, due - performance.now()));
      if (failed !== undefined) break;
      all.push(
        this.#conversation(this.thinks, due).catch((error: unknown) => {
          failed ??= error;
        }),
      );
    }
    await Promise.all(all);
    if (failed !== undefined) throw failed;
  }

  /** A person who comes, says this and that, perhaps in two tabs and with lost connections, and leaves. */
  async #conversation(thinks: number, begins: number): Promise<void> {
    const { random } = this;
    const talker = new Talker({
      name: `s${this.#sessions++}`,
      took: (what, ms) => this.#took(what, ms),
      sockets: (url, by) => this.#sockets.set(url, (this.#sockets.get(url) ?? 0) + by),
      busy: () => {
        this.#busy += 1;
      },
    });
    await talker.open(this.#url);
    if (random.chance(0.3)) await talker.open(this.#url);
    let due = begins;
    for (let left = random.int(...MESSAGES); left > 0; left--) {
      due = thinks === 0 ? performance.now() : due + exponential(random, thinks);
      await delay(Math.max(0, due - performance.now()));
      await talker.say(due, random.chance(0.05) ? this.#url : undefined);
      if (random.chance(0.05)) await talker.reconnect(this.#url);
    }
    const fresh = await talker.end(this.#url);
    talker.close();
    const wrong = wrongs(talker, fresh, await this.log.read(talker.sid));
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  }

  #took(what: "ack" | "answer", ms: number): void {
    if (what === "answer") this.#turns += 1;
    else this.#acked += 1;
    if (this.#began === 0) return; // The capacity is measured.
    const minute = Math.floor((performance.now() - this.#began) / MINUTE);
    this.#times[what][minute] ??= [];
    this.#times[what][minute].push(ms);
  }

  /** Looks at every process now and then. */
  async look(lasts: number, every: number): Promise<Map<string, Sample[]>> {
    const samples = new Map<string, Sample[]>([...this.servers.running.keys()].map((name) => [name, []]));
    const began = performance.now();
    for (let at = 0; at < lasts; at = performance.now() - began) {
      for (const [name, one] of this.servers.running) {
        const beside = descriptors(one) - (this.#sockets.get(this.servers.chat(name) ?? "") ?? 0);
        samples.get(name)!.push({ at, beside, ...(await memory(one)) });
      }
      await delay(Math.max(0, every - (performance.now() - began - at)));
    }
    return samples;
  }

  /** Of so many whole minutes. */
  figures(minutes: number) {
    const by = (what: "ack" | "answer", share: number) =>
      this.#times[what].slice(0, minutes).map((times) => Math.round(quantile(times, share) * 10) / 10);
    const each = (what: "ack" | "answer") => ({ p50: by(what, 0.5), p99: by(what, 0.99) });
    const { ack, answer } = { ack: each("ack"), answer: each("answer") };
    return { turns: this.#turns, acked: this.#acked, sessions: this.#sessions, busy: this.#busy, ack, answer };
  }
}

/** Drawn as the time until the next of what comes at random. */
const exponential = (random: Random, mean: number): number => -Math.log(1 - random.next()) * mean;

const descriptors = (one: ServerProcess): number => readdirSync(`/proc/${one.pid}/fd`).length;

/** What a process tells of itself, in bytes. */
async function memory(one: ServerProcess): Promise<{ rss: number; heap: number }> {
  const [, address] = /(?:Health|Demo page)\s+(http:\S+?:\d+)\//.exec(one.output()) ?? [];
  const headers = { connection: "close" };
  const text = await (await fetch(`${address!.replace("localhost", "127.0.0.1")}/metrics`, { headers })).text();
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)![1]);
  return { rss: figure("process_resident_memory_bytes"), heap: figure("nodejs_heap_size_used_bytes") };
}

/** Everybody has left: a sentence for each process that still has more open than before. */
async function stillOpen(servers: Servers, before: ReadonlyMap<string, number>): Promise<string[]> {
  const more = () =>
    [...servers.running].flatMap(([name, one]) => {
      const [was, is] = [before.get(name)!, descriptors(one)];
      return is > was + KEPT ? [`${name}: ${is} descriptors when all had left, ${was} before`] : [];
    });
  for (const from = performance.now(); more().length > 0 && performance.now() - from < LET_GO; ) await delay(200);
  return more();
}
