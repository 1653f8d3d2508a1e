import { setTimeout as delay } from "node:timers/promises";
import { LogOpenError } from "./event-log.js";

/** Between two tries to reach an engine that is not there at the start, in ms. */
const RETRY = 500;

/** Try until the engine is there or the signal aborts, and tell why; without it an engine that is away is an error. */
export type Wait = { readonly signal: AbortSignal; readonly tell: (sentence: string) => void };

/** Opens a log, again and again while its engine is away. @throws whatever else `open` does */
export async function openPatiently<T>(open: () => Promise<T>, wait: Wait | undefined): Promise<T> {
  for (let told = ""; ; ) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof LogOpenError && error.code === "unreachable") || !wait || wait.signal.aborted) throw error;
      if (error.message !== told) wait.tell(`${error.message} It is tried again.`);
      told = error.message;
      await delay(RETRY, undefined, { signal: wait.signal }).catch(() => undefined);
    }
  }
}
