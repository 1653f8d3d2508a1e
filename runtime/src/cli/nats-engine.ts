import { reason, UserError } from "../errors.js";
import type { NatsAddress } from "../log/nats/address.js";
import { Link } from "../log/nats/link.js";
import { powerLoss } from "../log/nats/power-loss.js";
import { deleteStreams, findStreams, makeStreams, streamInfo } from "../log/nats/setup.js";
import { printable } from "./check-report.js";
import type { Examined, LogEngine, LogIo } from "./log-commands.js";

/** A log on NATS, to be set up, looked at and deleted. */
export function natsEngine(address: NatsAddress, fetch: LogIo["fetch"]): LogEngine {
  async function linked<T>(work: (link: Link) => Promise<T>): Promise<T> {
    const link = await Link.open(address);
    try {
      return await work(link);
    } finally {
      await link.close();
    }
  }
  return {
    shown: address.shown,
    name: address.name,
    parts: "streams",
    setup: (settings) => linked(async (link) => ({ made: await makeStreams(link, settings) })),
    find: () => linked(async (link) => (await findStreams(link))?.names ?? []),
    remove: () => linked(deleteStreams),
    async examine(monitor) {
      const varz = monitor === "" ? undefined : await readVarz(monitor, fetch);
      return linked((link) => examine(link, varz));
    },
  };
}

async function examine(link: Link, varz: unknown): Promise<Examined> {
  const version = link.nc.info?.version ?? "unknown";
  const { promised, because } = powerLoss(version, varz);
  const streams = await findStreams(link);
  const infos = await Promise.all((streams?.names ?? []).map((name) => streamInfo(link, name)));
  const missing = (streams?.names ?? []).filter((_, i) => infos[i] === undefined);
  const sum = (of: "messages" | "bytes") => infos.reduce((all, info) => all + (info?.state[of] ?? 0), 0);
  const rows = [
    ["Log", link.address.shown],
    ["Engine", `NATS JetStream, nats-server ${printable(version)}`],
    ["Killed", "nothing acknowledged is lost"],
    ["Power loss", `${promised ? "nothing acknowledged is lost" : "not promised"}: ${because}`],
    ...(streams === undefined
      ? [["Streams", 'none: run "npm run setup"']]
      : [
          ["Streams", `${streams.names.length}, of them ${streams.partitions} partitions`],
          ["Kept on", `${infos[0]?.config.num_replicas ?? 0} server(s)`],
          ["Holds", `${sum("messages")} messages, ${Math.ceil(sum("bytes") / 1024)} KiB`],
        ]),
    ...(missing.length > 0 ? [["Missing", `${missing.join(", ")}: run "npm run setup", or restore a backup`]] : []),
  ];
  return { rows, sound: streams !== undefined && missing.length === 0 };
}

async function readVarz(monitor: string, fetch: LogIo["fetch"]): Promise<unknown> {
  try {
    const response = await fetch(new URL("/varz", monitor));
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await response.json();
  } catch (cause) {
    const message = `The monitoring port ${printable(monitor)} cannot be read: ${reason(cause)}. Start nats-server with -m 8222, or leave --monitor out.`;
    throw new UserError("unreachable", message, { cause });
  }
}
