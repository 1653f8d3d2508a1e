import { Session } from "node:inspector/promises";

/** The parts of the source whose steps are counted. */
const COUNTED = /\/shared\/src\/(?!testing\/|.*\.test\.ts)/;

/**
 * Counts how often the blocks of this package's source run: each call, loop and branch is one. Unlike time, that is the
 * same on every machine; what the language's own functions do inside is not seen. Only what is imported after it was
 * started is counted.
 */
export class StepCounter {
  readonly #session = new Session();

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** The steps that `work` takes. */
  async count(work: () => void): Promise<number> {
    await this.#session.post("Profiler.takePreciseCoverage");
    work();
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    return result
      .filter(({ url }) => COUNTED.test(url))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  }

  async stop(): Promise<void> {
    await this.#session.post("Profiler.stopPreciseCoverage");
    this.#session.disconnect();
  }
}
