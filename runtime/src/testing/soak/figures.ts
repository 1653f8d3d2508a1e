/** One look at a process. `at`: ms since the soak began; `beside`: descriptors that are no socket of the load. */
export type Sample = { readonly at: number; readonly rss: number; readonly heap: number; readonly beside: number };

/** A straight line through points: its slope, the error of that, and the mean. */
export type Trend = { readonly slope: number; readonly error: number; readonly mean: number };

/** The value below which a share of the numbers lies; 0 of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Least squares over `[x, y]`. Fewer than three points, or all at one x: flat, with an endless error. */
export function trend(points: readonly (readonly [number, number])[]): Trend {
  const n = points.length;
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, n);
  const [x, y] = [mean(([x]) => x), mean(([, y]) => y)];
  const spread = points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
  if (n < 3 || spread === 0) return { slope: 0, error: Number.POSITIVE_INFINITY, mean: y };
  const slope = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0) / spread;
  const rest = points.reduce((sum, [px, py]) => sum + (py - y - slope * (px - x)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (n - 2) / spread), mean: y };
}

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A heap is as large as what is left after a collection: the least of so many looks. */
const FLOOR = 6;

/** The least of each `FLOOR` looks, where they stand. */
export function floors(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const groups = Array.from({ length: Math.floor(points.length / FLOOR) }, (_, i) =>
    points.slice(i * FLOOR, (i + 1) * FLOOR),
  );
  return groups.map((group) => group.reduce((least, point) => (point[1] < least[1] ? point : least)));
}

/** What a soak found of one process, in MiB, MiB an hour and descriptors a minute. */
export type ProcessFigures = {
  readonly rss: number;
  readonly rssPerHour: number;
  readonly heap: number;
  readonly heapPerHour: number;
  readonly descriptorsPerMinute: number;
};

const MIB = 1024 * 1024;
const tenth = (n: number): number => Math.round(n * 10) / 10;

/** Grows by no more than a tenth of what it is in half an hour, or by what cannot be told from its ups and downs. */
const flat = ({ slope, error, mean }: Trend): boolean => slope * (HOUR / 2) < 0.1 * mean || slope < 3 * error;

/**
 * Judges a process by the second half of what was seen of it, when all that is made once has been made.
 * @returns its figures, and a sentence for each rule that it broke
 */
export function judgeProcess(name: string, samples: readonly Sample[]): { figures: ProcessFigures; broken: string[] } {
  const late = samples.slice(Math.floor(samples.length / 2));
  const line = (of: (sample: Sample) => number) => late.map((sample) => [sample.at, of(sample)] as const);
  const rss = trend(floors(line((sample) => sample.rss)));
  const heap = trend(floors(line((sample) => sample.heap)));
  const descriptors = trend(line((sample) => sample.beside));
  const figures = {
    rss: tenth(rss.mean / MIB),
    rssPerHour: tenth((rss.slope * HOUR) / MIB),
    heap: tenth(heap.mean / MIB),
    heapPerHour: tenth((heap.slope * HOUR) / MIB),
    descriptorsPerMinute: tenth(descriptors.slope * MINUTE),
  };
  const broken = [
    ...(flat(rss) ? [] : [`${name}: memory grows by ${figures.rssPerHour} MiB an hour at ${figures.rss} MiB`]),
    ...(flat(heap) ? [] : [`${name}: the heap grows by ${figures.heapPerHour} MiB an hour at ${figures.heap} MiB`]),
    ...(descriptors.slope * MINUTE < 1 || descriptors.slope < 3 * descriptors.error
      ? []
      : [`${name}: ${figures.descriptorsPerMinute} descriptors more a minute`]),
  ];
  return { figures, broken };
}

/** Below this nobody tells a p99 from another, in ms. */
const UNTOLD = 25;

/** The p99 of the last third of all minutes is at most twice that of the first third, where it is to be felt at all. */
export function steady(p99: readonly number[]): boolean {
  const third = Math.ceil(p99.length / 3);
  const middle = (part: readonly number[]) => quantile(part, 0.5);
  return middle(p99.slice(-third)) <= Math.max(UNTOLD, 2 * middle(p99.slice(0, third)));
}
