import { setMaxListeners } from "node:events";
import { createServer } from "node:http";
import { resolve } from "node:path";
import type { Logger } from "pino";
import { healthApp } from "./api/http.js";
import { type Config, isLoopback } from "./config.js";
import { openDataFolder } from "./data-folder.js";
import { UserError } from "./errors.js";
import { closeServer, listen, urlHost } from "./listen.js";
import { createMetrics } from "./metrics.js";
import { Registry } from "./registry/registry.js";
import { openShared } from "./workflow/shared-log.js";
import { Workflow } from "./workflow/workflow.js";

export type WorkflowNode = {
  /** Health and metrics; ends with "/". */
  readonly url: string;
  /** Hands its partitions on and lets go of everything. Idempotent. */
  drain(): Promise<void>;
};

/**
 * A process that steps conversations and does nothing else: any number of them beside one another on a shared log.
 * @throws UserError, LogOpenError, DataFolderError for whatever a user can mend
 */
export async function createWorkflowNode(config: Config, logger: Logger): Promise<WorkflowNode> {
  if (config.log === undefined) {
    const message =
      "A workflow of its own needs a log that processes share: set LOG, as nats://host:4222 or fluvio://host:9003.";
    throw new UserError("no-shared-log", message, { exitCode: 2 });
  }
  const path = resolve(process.cwd(), config.dataDir);
  const folder = await openDataFolder(path, { drainWaitMs: config.drain + 2_000 });
  const undo: (() => Promise<void> | void)[] = [() => folder.release()];
  const end = new AbortController();
  setMaxListeners(0, end.signal); // One tail a partition listens to it.
  try {
    const metrics = createMetrics();
    const { log, stepping: sharing } = (await openShared(config, {
      folder: path,
      signal: end.signal,
      logger,
      metrics,
    }))!;
    undo.unshift(() => log.close());
    const registry = new Registry(log, logger.child({ part: "registry" }));
    undo.unshift(() => end.abort());
    await registry.start(end.signal);
    const stepping = { log, registry, metrics, now: Date.now, logger: logger.child({ part: "workflow" }) };
    const workflow = new Workflow({ ...stepping, ...sharing(stepping.logger) });
    undo.unshift(async () => {
      end.abort();
      await workflow.ended();
    });
    const state = { started: false, draining: false };
    const server = createServer(healthApp({ config, metrics, state: () => state, health: () => log.health() }));
    const port = await listen(server, config.port, config.host);
    undo.unshift(() => closeServer(server));
    await workflow.start(end.signal);
    state.started = true;
    folder.setState("serving");
    let drained: Promise<void> | undefined;
    const drain = async () => {
      state.draining = true;
      folder.setState("draining");
      for (const step of undo) await step();
    };
    return {
      url: `http://${isLoopback(config.host) ? "localhost" : urlHost(config.host)}:${port}/`,
      drain: () => (drained ??= drain()),
    };
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}
