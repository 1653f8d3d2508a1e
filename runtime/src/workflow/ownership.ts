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

/** These are this process's, whoever else has them. */
export function owns(partitions: readonly number[]): Ownership {
  let running: ReturnType<RunPartition>[] = [];
  return {
    async start(run, signal) {
      running = partitions.map((partition) => run(partition, signal));
      await Promise.all(running.map(({ ready }) => ready));
    },
    async ended() {
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}

/** All of them. */
export const everyOf = (partitions: number): number[] => Array.from({ length: partitions }, (_, p) => p);
