import { setImmediate as nextTurn } from "node:timers/promises";
import { conversation } from "@parley/shared/session/conversation";
import { pino } from "pino";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog } from "../log/memory.js";
import { createMetrics } from "../metrics.js";
import { Registry } from "../registry/registry.js";
import type { Alarm } from "../workflow/alarm.js";
import { type PlaceStore, placeMemory } from "../workflow/place.js";
import { Workflow, type WorkflowOptions } from "../workflow/workflow.js";
import { CommitFaults } from "./faults.js";

/** A chat that says back what it is told; `word` tells versions apart. */
const flow = (word: string) => ({
  a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
  t: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "b" },
  b: { sendRequest: { kind: "BotText", content: `${word} {{s}}` } },
});

/** A memory log with the flow "chat" published, and workflows over it. `cleanup` gets what ends them. */
export async function setUpWorkflow(
  cleanup: (() => unknown)[],
  options: { places?: PlaceStore; log?: EventLog; now?: () => number; alarm?: Alarm; flow?: unknown } = {},
) {
  const faults = new CommitFaults();
  const log = options.log ?? createMemoryLog({ partitions: 1, beforeCommit: faults.beforeCommit });
  const logger = pino({ level: "silent" });
  const stop = new AbortController();
  cleanup.push(() => stop.abort());
  const registry = new Registry(log, logger);
  await registry.start(stop.signal);
  let published = 0;
  const publish = async (word: string) => {
    const draft = { flow: "chat", json: options.flow ?? flow(word), settings: {}, by: "test", note: "" };
    await registry.publish(draft, { id: `${word}${published++}`, timestamp: "2026-01-01T00:00:00.000Z" });
  };
  if (registry.live("chat") === undefined) await publish("one");
  const metrics = createMetrics();
  const { places = placeMemory(), now = () => 0, alarm } = options;
  const common: WorkflowOptions & { registry: Registry } = {
    ...{ log, registry, metrics, logger, places, now },
    ...(alarm && { alarm }),
  };
  /** Starts a workflow over a log that may be a watched one; `stop` ends it and waits for its last save. */
  const start = async (over: Partial<WorkflowOptions> = {}) => {
    const end = new AbortController();
    cleanup.push(() => end.abort());
    const workflow = new Workflow({ ...common, ...over });
    await workflow.start(end.signal);
    return async () => {
      end.abort();
      await workflow.ended();
    };
  };
  return { log, faults, registry, publish, metrics, places, common, start };
}

/** Waits until the session has so many finished turns; what it shows, as words. */
export async function shown(log: EventLog, sid: string, turns: number): Promise<string[]> {
  for (;;) {
    const { events } = conversation(await log.read(sid));
    if (events.filter((event) => event.kind === "turn").length >= turns) {
      return events.flatMap((event) =>
        event.kind === "message" ? ["content" in event.message ? `${event.message.content}` : event.message.kind] : [],
      );
    }
    await nextTurn();
  }
}
/** A counter by its labels. */
export const count = async (metric: {
  get(): Promise<{ values: { value: number; labels: object }[] }>;
}): Promise<object> =>
  Object.fromEntries((await metric.get()).values.map(({ value, labels }) => [Object.values(labels).join(), value]));
export const restarts = async ({ restarts: metric }: { restarts: Parameters<typeof count>[0] }) =>
  (await metric.get()).values[0]!.value;
