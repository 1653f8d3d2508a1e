import type { NamedPoint } from "../../fault-points.js";
import { Random } from "../random.js";
import { CALM, type Plan as NetworkPlan } from "./network.js";

/** Fluvio only where there is a cluster. */
export const ENGINES = ["sqlite", "nats", "fluvio"] as const;
export type Engine = (typeof ENGINES)[number];

const MANY = ["studio", "proxy 1", "proxy 2", "workflow 1", "workflow 2"];
/** The processes of a product, by the first word of their name what they do. */
export const PROCESSES: Readonly<Record<Engine, readonly string[]>> = { sqlite: ["all"], nats: MANY, fluvio: MANY };

/** Which of several roles comes to a point; one process with all of them comes to each. */
const COMES_TO: Readonly<Record<NamedPoint, readonly string[]>> = {
  "before append": ["proxy"],
  "before commit": ["studio", "proxy", "workflow"],
  "after commit": ["studio", "proxy", "workflow"],
  "before ack": ["proxy"],
  "before run": ["workflow"],
  "before send": ["proxy"],
  "place written": ["workflow"],
  "partition taken": ["workflow"],
  "projection written": ["studio"],
  "act stored": ["studio"],
  published: ["studio"],
  "draft saved": ["studio"],
  "erased in the log": ["studio"],
  "webhook delivered": ["studio"],
};

/** The points that there are with a log: a workflow takes leases where it shares partitions with others, on NATS. */
export const pointsOf = (engine: Engine): NamedPoint[] =>
  (Object.keys(COMES_TO) as NamedPoint[]).filter((point) => engine === "nats" || point !== "partition taken");

/** Names of the processes that come to a point. */
export const whoComesTo = (engine: Engine, point: NamedPoint): string[] =>
  PROCESSES[engine].filter((name) => name === "all" || COMES_TO[point].includes(name.split(" ")[0]!));

/** What befalls what there is only with one log. */
const OWN = {
  sqlite: ["locked", "full", "write errors", "clock back"],
  nats: ["engine killed", "engine stalled", "clock back"],
  fluvio: ["engine killed", "clock back"],
} as const;
export type Kind = "killed" | "terminated" | "stalled" | "storm" | (typeof OWN)[Engine][number];
/** One in so many is of each kind; kills are the most frequent. */
const WEIGHTS = { killed: 18, terminated: 3, stalled: 1, storm: 1 } as const;

export type Misfortune = {
  readonly kind: Kind;
  /** The processes that it befalls. */
  readonly which: readonly string[];
  /** They are ended as soon as they come there; without one when so many messages more were sent, and so many turns on. */
  readonly point: NamedPoint | undefined;
  readonly sent: number;
  readonly turns: number;
  /** Time before it, and how long it lasts, in ms. */
  readonly pause: number;
  readonly lasts: number;
  /** What was ended is missing for as long. */
  readonly rests: boolean;
  /** It is killed once more as it starts again, so many ms on. */
  readonly again: number | undefined;
};
export type Plan = {
  readonly network: NetworkPlan;
  readonly misfortunes: readonly Misfortune[];
  /** A process that does not come to a point within so many ms is ended where it is. */
  readonly comes?: number;
};

const PAUSE = [50, 400] as const;
const LASTS = [200, 1_500] as const;
/** While it starts, in ms from the first moment on. */
const STARTS = [50, 900] as const;
/** At this many messages a session, sessions are read and judged, and new ones begin. */
const ROUNDS = 32;

/** The networks that an episode may have. */
const NETWORKS: readonly NetworkPlan[] = [
  CALM,
  { ...CALM, delay: 0.5 },
  { ...CALM, cut: 0.4 },
  { ...CALM, silence: 0.2 },
  { ...CALM, repeat: 0.2, reorder: 0.2 },
  { cut: 0.2, silence: 0.1, delay: 0.3, repeat: 0.1, reorder: 0.1 },
];

/** All that is to befall an episode: a function of its seed alone, however long anything takes and whatever a machine can do. */
export function planOf(engine: Engine, seed: number): Plan {
  const random = new Random(seed);
  const network = random.pick(NETWORKS);
  const kinds: Kind[] = [
    ...Object.entries(WEIGHTS).flatMap(([kind, times]) => Array<Kind>(times).fill(kind as Kind)),
    ...OWN[engine],
  ];
  return { network, misfortunes: Array.from({ length: ROUNDS }, () => misfortune(engine, random, random.pick(kinds))) };
}

function misfortune(engine: Engine, random: Random, kind: Kind): Misfortune {
  const names = PROCESSES[engine];
  const ends = kind === "killed" || kind === "terminated";
  const point = ends && random.chance(0.5) ? random.pick(pointsOf(engine)) : undefined;
  const first = random.pick(point ? whoComesTo(engine, point) : names);
  const both = kind === "killed" && !point && names.length > 1 && random.chance(0.4);
  const second = random.pick(names.filter((name) => name !== first).concat(names.length > 1 ? [] : names));
  return {
    ...{ kind, point, which: both ? [first, second] : [first] },
    ...{ sent: random.int(1, 21), turns: random.int(0, 4) },
    ...{ pause: random.int(...PAUSE), lasts: random.int(...LASTS), rests: random.chance(0.2) },
    again: random.chance(0.6) && kind === "killed" ? random.int(...STARTS) : undefined,
  };
}
