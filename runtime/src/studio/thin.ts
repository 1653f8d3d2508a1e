/** What is known of a saved state when it is decided whether it is kept. */
export type Kept = { readonly n: number /** ms */; readonly at: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Of the states younger than `until` ms one is kept for each `every` ms; 0: all. */
const STEPS = [
  { until: 10 * MINUTE, every: 0 },
  { until: DAY, every: MINUTE },
  { until: 30 * DAY, every: HOUR },
] as const;
/** More than this many states of one flow are never kept. */
export const MAX_STATES_KEPT = 3_000;

/**
 * Which saved states of a draft go: all of the last ten minutes stay, of a day one a minute, of 30 days one an hour, the
 * last of each such span, and nothing older; never more than `MAX_STATES_KEPT`. The current state always stays.
 * @param states oldest first
 * @param now ms
 * @returns the numbers to remove
 */
export function thin(states: readonly Kept[], now: number): number[] {
  const gone: number[] = [];
  let kept = 0;
  let span: number | undefined;
  for (let i = states.length - 1; i >= 0; i--) {
    const { n, at } = states[i]!;
    const step = STEPS.find((one) => now - at < one.until);
    const place = step && step.every > 0 ? Math.floor(at / step.every) * step.every : undefined;
    const current = i === states.length - 1;
    if (!current && (!step || (place !== undefined && place === span) || kept >= MAX_STATES_KEPT)) gone.push(n);
    else {
      kept += 1;
      span = place;
    }
  }
  return gone;
}
