import type { Ground } from "../ground.js";
import type { Cursor } from "../log/event-log.js";

/**
 * Has it measured how far a reader of the log is behind its end, whenever the metrics are asked for. On a log that is away
 * nobody knows: then it is not told.
 * @param places how far it has read the partitions that are its own
 */
export function measureLag(
  { log, metrics }: Pick<Ground, "log" | "metrics">,
  reader: string,
  places: () => ReadonlyMap<number, Cursor>,
): void {
  const told = new Set<number>();
  metrics.measure(async () => {
    const now = places();
    for (const partition of told) if (!now.has(partition)) metrics.lag.remove({ reader, partition });
    told.clear();
    const one = async ([partition, cursor]: [number, Cursor]): Promise<void> => {
      const behind = await log.head(partition).then(
        (head) => log.distance(cursor, head),
        () => undefined,
      );
      if (behind === undefined) return metrics.lag.remove({ reader, partition });
      metrics.lag.set({ reader, partition }, behind);
      told.add(partition);
    };
    await Promise.all([...now].map(one));
  });
}
