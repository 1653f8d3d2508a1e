import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What an operator asks first. No label holds a value that a visitor chose. `process`: also memory, time and garbage. */
export function createMetrics({ process = true } = {}) {
  const registry = new Registry();
  if (process) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    sockets: new Gauge({ name: "parley_sockets", help: "Open websockets", labelNames: ["protocol"], registers }),
    sessions: new Counter({ name: "parley_sessions_total", help: "Sessions begun", registers }),
    inputs: new Counter({ name: "parley_inputs_total", help: "Visitors' messages made durable", registers }),
    repeats: new Counter({ name: "parley_repeats_total", help: "Messages sent again and dropped", registers }),
    turns: new Counter({ name: "parley_turns_total", help: "Runs shown", labelNames: ["outcome"], registers }),
    refusals: new Counter({
      name: "parley_refusals_total",
      help: "Upgrades and frames not taken",
      labelNames: ["reason"],
      registers,
    }),
    appendSeconds: new Histogram({
      name: "parley_append_seconds",
      help: "From a visitor's message to its acknowledgement",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
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
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
