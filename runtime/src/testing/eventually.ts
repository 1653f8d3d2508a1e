import { setTimeout as delay } from "node:timers/promises";

/** Tries again until it does not throw: for what follows the log by itself. Fails as it fails after 8 s. */
export async function eventually<T>(test: () => Promise<T> | T): Promise<T> {
  for (const end = performance.now() + 8_000; ; ) {
    try {
      return await test();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await delay(20);
  }
}
