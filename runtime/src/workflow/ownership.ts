/** Runs a partition until the signal aborts. */
export type RunPartition = (
  partition: number,
  signal: AbortSignal,
) => { readonly ready: Promise<void>; readonly ended: Promise<void> };

/** Which partitions this process steps. Two owners of one are harmless; one without an owner waits. */
export interface Ownership {
  /** Runs each partition while it is this process's, until the signal aborts; resolves when the first ones are ready. */
  start(run: RunPartition, signal: AbortSignal): Promise<void>;
  /** Resolves when none runs any more, after the signal has aborted. */
  ended(): Promise<void>;
}

/** All of them are this process's. */
export function ownsAll(partitions: number): Ownership {
  let running: ReturnType<RunPartition>[] = [];
  return {
    async start(run, signal) {
      running = Array.from({ length: partitions }, (_, partition) => run(partition, signal));
      await Promise.all(running.map(({ ready }) => ready));
    },
    async ended() {
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}
