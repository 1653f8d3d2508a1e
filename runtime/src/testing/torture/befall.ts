import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { NamedPoint } from "../../fault-points.js";
import type { Load } from "../load.js";
import { alive, type ServerProcess } from "../process.js";
import type { Visitor } from "../visitor.js";
import type { Network } from "./network.js";
import type { People } from "./people.js";
import type { Misfortune } from "./plan.js";
import type { System } from "./system.js";

/** A process comes to a named point so soon, in ms, or is not led there now. */
const COMES = 6_000;
/** What takes longer than this hangs, in ms. */
const BACK = 60_000;

/** What an episode is made of. */
export type Scene = {
  readonly system: System;
  readonly network: Network;
  readonly load: Load;
  readonly visitors: readonly Visitor[];
  readonly people: People;
  /** See `Plan`. */
  readonly comes?: number | undefined;
};

/** What became of a misfortune: its name in the figures, how many processes were killed, and where. */
export type Befallen = { readonly name: string; readonly kills: number; readonly point?: NamedPoint | undefined };

/** One misfortune, and everything right again. */
export async function befall(scene: Scene, one: Misfortune): Promise<Befallen> {
  const { system, network } = scene;
  await delay(one.pause);
  if (one.kind === "storm") {
    expect(await network.storm(), "connections that were cut").toBeGreaterThan(0);
    return { name: one.kind, kills: 0 };
  }
  const misfortune = system.misfortunes.get(one.kind);
  if (misfortune) {
    await misfortune(one.lasts);
    return { name: one.kind, kills: 0 };
  }
  if (one.kind === "stalled") return stalled(scene, one);
  // What cannot be done on this machine is a kill instead.
  return ended(scene, one.kind === "terminated" ? one : { ...one, kind: "killed" });
}

async function stalled({ system, load, visitors }: Scene, one: Misfortune): Promise<Befallen> {
  const { pid } = system.running(one.which[0]!);
  await spoken({ load, visitors }, one, () => process.kill(pid, "SIGSTOP"));
  await delay(one.lasts);
  process.kill(pid, "SIGCONT");
  return { name: one.kind, kills: 0 };
}

/** Ends processes, and starts them again. */
async function ended(scene: Scene, one: Misfortune): Promise<Befallen> {
  const { system } = scene;
  const signal = one.kind === "killed" ? "SIGKILL" : "SIGTERM";
  let victims = one.which.map((name) => system.running(name));
  let point: NamedPoint | undefined;
  if (one.point !== undefined) {
    const came = await endedAt(scene, one, one.point, signal);
    if (came) point = one.point;
    victims = [system.running(one.which[0]!)];
  } else {
    await spoken(scene, one, () => {
      for (const { pid } of victims) process.kill(pid, signal);
    });
  }
  for (const victim of victims) {
    expect(await inTime(victim.ended, `the end of ${one.which}`)).toEqual(
      one.kind === "killed"
        ? { code: null, signal }
        : { code: one.point === "partition taken" ? expect.anything() : 0, signal: null },
    );
    expect(alive(victim.pid)).toBe(false);
  }
  if (one.rests) await delay(one.lasts);
  let kills = one.point === "partition taken" ? 1 : 0;
  if (one.kind === "killed") kills += victims.length;
  if (one.again !== undefined) {
    for (const name of one.which) system.launch(name);
    await delay(one.again);
    await Promise.all(one.which.map((name) => system.running(name).stop("SIGKILL")));
    kills += one.which.length;
  }
  await Promise.all(one.which.map((name) => system.start(name)));
  for (const [i, name] of one.which.entries()) expect(system.running(name).pid).not.toBe(victims[i]!.pid);
  return { name: one.kind, kills, point };
}

/** Names a point to a process and waits until it has come there; where it does not, it is ended where it is. */
async function endedAt(scene: Scene, one: Misfortune, point: NamedPoint, signal: NodeJS.Signals): Promise<boolean> {
  const { system, people, comes = COMES } = scene;
  const [name] = one.which as [string];
  const file = system.faultFile(name);
  rmSync(`${file}.reached`, { force: true });
  if (point === "partition taken") {
    // Leases are taken by who starts: it is ended, and once more as it comes back.
    await system.running(name).stop("SIGKILL");
  }
  writeFileSync(`${file}.new`, `${signal} ${point}`);
  renameSync(`${file}.new`, file);
  if (point === "partition taken") system.launch(name);
  const victim: ServerProcess = system.running(name);
  const until = performance.now() + comes;
  while (!existsSync(`${file}.reached`) && performance.now() < until) {
    people.leadTo(point);
    await delay(20);
  }
  rmSync(file, { force: true });
  const came = existsSync(`${file}.reached`);
  if (!came) process.kill(victim.pid, signal);
  return came;
}

/** Does it when somebody has just said something that is under way. */
async function spoken(
  { load, visitors }: Pick<Scene, "load" | "visitors">,
  { sent, turns }: Misfortune,
  act: () => void,
): Promise<void> {
  const inFlight = () => visitors.some(({ unacked }) => unacked.some((entry) => entry.inFlight));
  const done = new Promise<void>((resolve) => {
    load.moment("sent", sent, turns, () => {
      if (!inFlight()) return false;
      act();
      resolve();
      return true;
    });
  });
  await inTime(done, "a message under way");
}

/** The promise's outcome. @throws Error it hangs */
export async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
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
