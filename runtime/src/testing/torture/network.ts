import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const NETWORK = fileURLToPath(new URL("../../../../scripts/torture/network.mjs", import.meta.url));

/** See scripts/torture/network.mjs. */
export type Plan = Readonly<Record<"cut" | "silence" | "delay" | "repeat" | "reorder", number>>;
export const CALM: Plan = { cut: 0, silence: 0, delay: 0, repeat: 0, reorder: 0 };

/** The network between visitors and servers, a process of its own. Asked one thing after the other. */
export class Network {
  #last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly child: ChildProcess) {}

  static start(seed: number): Network {
    return new Network(fork(NETWORK, ["--seed", String(seed)], { stdio: "inherit" }));
  }

  /** A port that leads to `port`; with `front` the one that was opened before leads there from now on. */
  lead(port: number, front?: number): Promise<number> {
    return this.#ask("lead", { port, front });
  }

  plan(plan: Plan): Promise<void> {
    return this.#ask("plan", plan);
  }

  /** Cuts every connection at once. @returns how many */
  storm(): Promise<number> {
    return this.#ask("storm");
  }

  /** What befell connections so far. */
  counts(): Promise<Record<string, number>> {
    return this.#ask("counts");
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }

  #ask<T>(ask: string, value?: unknown): Promise<T> {
    const answer = this.#last.then(async () => {
      const answered = once(this.child, "message");
      this.child.send({ ask, value });
      const [{ answer }] = (await answered) as [{ answer: T }];
      return answer;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}
