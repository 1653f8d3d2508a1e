/** The name that a queue without one is shown by. */
export const GENERAL = "General";

/** Names of queues that look the same are the same; none is `General`. */
export const queueKey = (name: string | undefined): string =>
  (name ?? GENERAL).normalize("NFKC").trim().toLowerCase() || GENERAL.toLowerCase();

/** A time of a weekday when a queue is open: 1 is Monday; `from` < `to`, as "09:00", "24:00" the end of the day. */
export type OpenSpan = { readonly day: number; readonly from: string; readonly to: string };

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Whether there is such a time zone. */
export function isZone(zone: string): boolean {
  try {
    return clockOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Whether a queue is open at a time.
 * @param hours undefined: always
 * @param zone an IANA name
 * @param at ms
 */
export function isOpenAt(hours: readonly OpenSpan[] | undefined, zone: string, at: number): boolean {
  if (hours === undefined) return true;
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const time = `${parts.hour}:${parts.minute}`;
  const day = DAYS.indexOf(parts.weekday ?? "") + 1;
  return hours.some((span) => span.day === day && span.from <= time && time < span.to);
}

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    const look = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
    clock = new Intl.DateTimeFormat("en-US", { ...look, timeZone: zone });
    clocks.set(zone, clock);
  }
  return clock;
}
