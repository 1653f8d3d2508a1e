import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Metrics } from "./metrics.js";

/** Has the sizes of a data folder's databases measured whenever the metrics are asked for. */
export function measureDisk(metrics: Metrics, folder: string): void {
  metrics.measure(async () => {
    metrics.fileBytes.reset();
    for (const file of await readdir(folder)) {
      if (!/^[\w-]+\.db(-wal)?$/.test(file)) continue;
      // One that went meanwhile has no size.
      const found = await stat(join(folder, file)).catch(() => undefined);
      if (found) metrics.fileBytes.set({ file }, found.size);
    }
  });
}
