import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { reason, UserError } from "../errors.js";
import { type NatsAddress, natsAddress } from "../log/nats/address.js";
import { Link } from "../log/nats/link.js";
import { powerLoss } from "../log/nats/power-loss.js";
import { deleteStreams, findStreams, makeStreams, streamInfo } from "../log/nats/setup.js";
import { DEFAULT_PARTITIONS } from "../log/queued-log.js";
import { printable } from "./check-report.js";
import { DATA_DIR } from "./studio-store.js";

export const LOG_HELP = `parley setup     makes the streams of a log on NATS (--log, --partitions-count, --replicas)
parley cleanup   deletes them with every conversation, after a confirmation (--log, --yes)
parley doctor    says where conversations are kept, what that promises, and whether it is sound (--log, --monitor)

--log, LOG: sqlite (a file in the data folder; nothing to set up), or as nats://host:4222/name
--partitions-count, PARTITIONS_COUNT: how many partitions a new log has (${DEFAULT_PARTITIONS}); fixed once it is made
--replicas, REPLICAS: on how many servers of a cluster each stream is kept (1)
--monitor, NATS_MONITOR: the NATS server's monitoring port, as http://host:8222
--data-dir, DATA_DIR: the data folder (./data)
`;

/** What these commands are given. */
export type LogIo = {
  readonly stdout: (text: string) => void;
  /** One line typed by a person. */
  readonly ask: (prompt: string) => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly fetch: typeof fetch;
};

const text = { type: "string" } as const;
const FLAGS = { ...DATA_DIR, log: text, "partitions-count": text, replicas: text, monitor: text } as const;
const OPTIONS = { ...FLAGS, yes: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** The flags before the environment before the default. */
function settings(args: readonly string[], io: LogIo) {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const get = (flag: keyof typeof FLAGS, fallback: string) => {
    const variable = flag.toUpperCase().replaceAll("-", "_");
    return values[flag] ?? (io.env[flag === "monitor" ? "NATS_MONITOR" : variable] || fallback);
  };
  const number = (flag: keyof typeof FLAGS, fallback: number, most: number): number => {
    const value = Number(get(flag, `${fallback}`));
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new UserError("bad-value", `--${flag} must be a whole number from 1 to ${most}.`, { exitCode: 2 });
  };
  const log = get("log", "sqlite");
  return {
    help: values.help === true,
    yes: values.yes === true,
    address: log === "sqlite" ? undefined : natsAddress(log, values.log === undefined ? "LOG" : "--log"),
    partitions: () => number("partitions-count", DEFAULT_PARTITIONS, 256),
    replicas: () => number("replicas", 1, 5),
    monitor: get("monitor", ""),
    dataDir: get("data-dir", "./data"),
  };
}

async function linked<T>(address: NatsAddress, work: (link: Link) => Promise<T>): Promise<T> {
  const link = await Link.open(address);
  try {
    return await work(link);
  } finally {
    await link.close();
  }
}

const NOTHING_TO_DO =
  "Conversations are kept in a file of the data folder: there is nothing to set up or to clean up.\n";

/** `parley setup`. @throws UserError, LogOpenError */
export async function runSetup(args: readonly string[], io: LogIo): Promise<void> {
  const { help, address, partitions, replicas } = settings(args, io);
  if (help) return io.stdout(LOG_HELP);
  if (address === undefined) return io.stdout(NOTHING_TO_DO);
  const made = await linked(address, (link) => makeStreams(link, { partitions: partitions(), replicas: replicas() }));
  if (made.length === 0) io.stdout(`The log ${address.shown} is there already: nothing was changed.\n`);
  else io.stdout(`Made ${made.length} streams on ${address.shown}: ${made.join(", ")}.\n`);
}

/** `parley cleanup`. @throws UserError `not-confirmed`, LogOpenError */
export async function runCleanup(args: readonly string[], io: LogIo): Promise<void> {
  const { help, yes, address } = settings(args, io);
  if (help) return io.stdout(LOG_HELP);
  if (address === undefined) return io.stdout(NOTHING_TO_DO);
  await linked(address, async (link) => {
    const streams = await findStreams(link);
    if (streams === undefined) return io.stdout(`There is no log at ${address.shown}: nothing was deleted.\n`);
    const prompt = `This deletes every conversation and published version on ${address.shown}.\nType ${address.name} to go on: `;
    if (!yes && (await io.ask(prompt)).trim() !== address.name) {
      throw new UserError("not-confirmed", "Nothing was deleted.");
    }
    const gone = await deleteStreams(link);
    io.stdout(`Deleted ${gone.length} streams: ${gone.join(", ")}.\n`);
  });
}

/** `parley doctor`. @returns the exit code: 1 where something is not sound. @throws UserError, LogOpenError */
export async function runDoctor(args: readonly string[], io: LogIo): Promise<number> {
  const { help, address, monitor, dataDir } = settings(args, io);
  if (help) {
    io.stdout(LOG_HELP);
    return 0;
  }
  if (address === undefined) return examineFile(resolve(io.cwd, dataDir, "log.db"), io);
  const varz = monitor === "" ? undefined : await readVarz(monitor, io);
  return linked(address, async (link) => {
    const version = link.nc.info?.version ?? "unknown";
    const { promised, because } = powerLoss(version, varz);
    const streams = await findStreams(link);
    const infos = await Promise.all((streams?.names ?? []).map((name) => streamInfo(link, name)));
    const missing = (streams?.names ?? []).filter((_, i) => infos[i] === undefined);
    const sum = (of: "messages" | "bytes") => infos.reduce((all, info) => all + (info?.state[of] ?? 0), 0);
    const rows = [
      ["Log", address.shown],
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
    io.stdout(table(rows));
    return streams === undefined || missing.length > 0 ? 1 : 0;
  });
}

function examineFile(file: string, io: LogIo): number {
  const rows = [
    ["Log", file],
    ["Engine", "SQLite, in the server's process"],
    ["Killed", "nothing acknowledged is lost"],
    ["Power loss", "nothing acknowledged is lost: every commit is on the disk before it is acknowledged"],
  ];
  let sound = "there is none yet";
  if (existsSync(file)) {
    try {
      const db = new Database(file, { readonly: true });
      sound = String(db.pragma("integrity_check(1)", { simple: true }));
      db.close();
    } catch (cause) {
      sound = reason(cause);
    }
  }
  const ok = sound === "ok" || !existsSync(file);
  io.stdout(table([...rows, ["File", ok ? sound : `damaged (${sound}): put a backup in its place`]]));
  return ok ? 0 : 1;
}

async function readVarz(monitor: string, io: LogIo): Promise<unknown> {
  try {
    const response = await io.fetch(new URL("/varz", monitor));
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await response.json();
  } catch (cause) {
    const message = `The monitoring port ${printable(monitor)} cannot be read: ${reason(cause)}. Start nats-server with -m 8222, or leave --monitor out.`;
    throw new UserError("unreachable", message, { cause });
  }
}

const table = (rows: readonly (readonly string[])[]): string =>
  rows.map(([name, value]) => `${name!.padEnd(12)} ${value}\n`).join("");
