import { readFileSync } from "node:fs";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Seconds, as a visitor feels them. */
const FELT = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** A source that takes longer than this many ms is left out: whoever asks wants what there is. */
const SOURCE_WITHIN = 1_000;

/**
 * What an operator asks first; docs/operations.md says of each what it answers. No label holds a value that a visitor chose.
 * @param process also memory, time and garbage of the process
 */
export function createMetrics({ process: whole = true } = {}) {
  const registry = new Registry();
  if (whole) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const sources: (() => void | Promise<void>)[] = [];
  const build = { version: version(), node: process.version };
  new Gauge({ name: "parley_build_info", help: "1", labelNames: ["version", "node"], registers }).set(build, 1);
  return {
    registry,
    /** Called whenever the metrics are asked for: for what is not worth keeping up to date. One that fails tells nothing. */
    measure: (source: () => void | Promise<void>) => void sources.push(source),
    /** All of it, as Prometheus reads it. */
    async text(): Promise<string> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, SOURCE_WITHIN);
      });
      await Promise.race([late, Promise.allSettled(sources.map(async (source) => source()))]);
      clearTimeout(timer);
      return registry.metrics();
    },
    sockets: new Gauge({ name: "parley_sockets", help: "Open websockets", labelNames: ["protocol"], registers }),
    lagging: new Gauge({ name: "parley_sockets_lagging", help: "Open websockets that read too slowly", registers }),
    closes: new Counter({
      name: "parley_closes_total",
      help: "Websockets that ended: by us and why, or gone",
      labelNames: ["reason"],
      registers,
    }),
    held: new Gauge({ name: "parley_sessions_held", help: "Conversations that memory holds", registers }),
    sessions: new Counter({ name: "parley_sessions_total", help: "Sessions begun", registers }),
    inputs: new Counter({ name: "parley_inputs_total", help: "Visitors' messages made durable", registers }),
    repeats: new Counter({ name: "parley_repeats_total", help: "Messages sent again and dropped", registers }),
    turns: new Counter({ name: "parley_turns_total", help: "Runs shown", labelNames: ["outcome"], registers }),
    turnSeconds: new Histogram({
      name: "parley_turn_seconds",
      help: "From a visitor's message to the bot's answer on its way to him",
      buckets: FELT,
      registers,
    }),
    refusals: new Counter({
      name: "parley_refusals_total",
      help: "Upgrades and frames not taken",
      labelNames: ["reason"],
      registers,
    }),
    appendSeconds: new Histogram({
      name: "parley_append_seconds",
      help: "From a visitor's message to its acknowledgement",
      buckets: FELT,
      registers,
    }),
    commitSeconds: new Histogram({
      name: "parley_commit_seconds",
      help: "A commit of the log's file: written and synced to the disk",
      buckets: [0.0005, ...FELT],
      registers,
    }),
    httpSeconds: new Histogram({
      name: "parley_http_request_seconds",
      help: "An HTTP request, by the route's pattern",
      labelNames: ["method", "route", "status"],
      buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
      registers,
    }),
    problems: new Counter({
      name: "parley_http_problems_total",
      help: "HTTP requests that were refused or failed, by the problem's code",
      labelNames: ["code"],
      registers,
    }),
    blocked: new Counter({
      name: "parley_sessions_stopped_total",
      help: "Sessions that this process cannot step or read",
      labelNames: ["reason"],
      registers,
    }),
    restarts: new Counter({ name: "parley_workflow_restarts_total", help: "A partition read again", registers }),
    partitions: new Gauge({ name: "parley_workflow_partitions", help: "Partitions stepped here", registers }),
    lag: new Gauge({
      name: "parley_log_behind_records",
      help: "About how many records a reader of a partition is behind the log's end",
      labelNames: ["reader", "partition"],
      registers,
    }),
    repeatedAppends: new Counter({
      name: "parley_log_repeats_total",
      help: "Appends that the log's server had already and dropped",
      registers,
    }),
    projectionLag: new Gauge({ name: "parley_projection_waiting", help: "Sessions to be projected", registers }),
    queued: new Gauge({ name: "parley_log_queued", help: "Records accepted and not yet durable", registers }),
    diskFree: new Gauge({ name: "parley_disk_free_bytes", help: "Free where the data folder is", registers }),
    diskShort: new Gauge({ name: "parley_disk_short", help: "1 while free space is under MIN_FREE", registers }),
    logOk: new Gauge({ name: "parley_log_ok", help: "1 while the log takes records", registers }),
    fileBytes: new Gauge({
      name: "parley_file_bytes",
      help: "Size of a file of the data folder",
      labelNames: ["file"],
      registers,
    }),
    handOffs: new Gauge({
      name: "parley_hand_offs",
      help: "Conversations that wait for a person, or are with one",
      labelNames: ["state"],
      registers,
    }),
    longestWait: new Gauge({
      name: "parley_hand_off_longest_wait_seconds",
      help: "How long the one that waits longest has waited for a person",
      registers,
    }),
    webhooksWaiting: new Gauge({ name: "parley_webhooks_waiting", help: "Events still to be sent", registers }),
    webhookCalls: new Counter({
      name: "parley_webhook_calls_total",
      help: "Calls of webhooks",
      labelNames: ["outcome"],
      registers,
    }),
  };
}

function version(): string {
  const file = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

export type Metrics = ReturnType<typeof createMetrics>;
