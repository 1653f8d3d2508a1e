import type { EventLog } from "../log/event-log.js";
import type { RefusedOrigins } from "./refused-origins.js";

/** Where signals of a session would have its number. */
const NAME = "refused-origins";
/** Between two tellings, in ms: a page that asks again and again costs one. */
const EVERY = 1_000;
/** Told of at once. */
const MOST = 200;

type Told = [flow: string, origin: string, count: number];

/** Tells the process that has the studio which sites were refused in this one. Best effort: a hint that is lost comes again. */
export function tellRefused(log: Pick<EventLog, "signal">, signal: AbortSignal): Pick<RefusedOrigins, "note"> {
  const told = new Map<string, Told>();
  const timer = setInterval(() => {
    if (told.size > 0) log.signal(NAME, [...told.values()]);
    told.clear();
  }, EVERY);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  return {
    note(flow, origin = "", count = 1) {
      const key = `${flow} ${origin}`;
      const known = told.get(key);
      if (known) known[2] += count;
      else if (told.size < MOST) told.set(key, [flow, origin, count]);
    },
  };
}

/** Hears what others tell. */
export function hearRefused(
  log: Pick<EventLog, "onSignal">,
  refused: Pick<RefusedOrigins, "note">,
  signal: AbortSignal,
): void {
  const off = log.onSignal((sid, data) => {
    if (sid !== NAME || !Array.isArray(data)) return;
    for (const one of data.slice(0, MOST)) if (isTold(one)) refused.note(...one);
  });
  signal.addEventListener("abort", off, { once: true });
}

const isTold = (data: unknown): data is Told =>
  Array.isArray(data) &&
  /^[a-z0-9-]{1,64}$/.test(data[0]) &&
  typeof data[1] === "string" &&
  Number.isSafeInteger(data[2]) &&
  data[2] > 0;
