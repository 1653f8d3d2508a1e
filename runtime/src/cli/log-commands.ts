import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readConfig } from "../config.js";
import { examineFolder } from "../doctor/examine-folder.js";
import { UserError } from "../errors.js";
import { logAddress } from "../log/address.js";
import type { Connect } from "../log/fluvio/client.js";
import { DEFAULT_PARTITIONS } from "../log/queued-log.js";
import { fluvioEngine } from "./fluvio-engine.js";
import { natsEngine } from "./nats-engine.js";
import { DATA_DIR } from "./studio-store.js";

export const LOG_HELP = `parley setup     makes the streams or topics of a log that processes share (--log, --partitions-count, --replicas)
parley cleanup   deletes them with every conversation, after a confirmation (--log, --yes)
parley doctor    says where conversations are kept, what that promises, and what is wrong with the data folder and what
                 to do, also while the server runs; ends with 1 if anything is (--log, --monitor, --data-dir)

--log, LOG: sqlite (a file in the data folder; nothing to set up), nats://host:4222/name or fluvio://host:9003/name;
  NATS_URL and FLUVIO_ENDPOINT (host:9003) stand in for LOG
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
  /** Instead of the package's; tests. */
  readonly fluvio?: Connect;
};

export type SetupSettings = { readonly partitions: number; readonly replicas: number };
/** What is found of a log: rows of a table, and whether it is sound. */
export type Examined = { readonly rows: readonly (readonly string[])[]; readonly sound: boolean };

/** A log's engine, as these commands deal with it. What it throws is a UserError or LogOpenError. */
export interface LogEngine {
  /** For people; its name is typed to delete it. */
  readonly shown: string;
  readonly name: string;
  /** What it calls its parts. */
  readonly parts: string;
  /** Makes what is not there. @returns its names, and what there is to know about them */
  setup(settings: SetupSettings): Promise<{ readonly made: readonly string[]; readonly note?: string }>;
  /** What there is of the log. */
  find(): Promise<readonly string[]>;
  /** Deletes it; what is gone. */
  remove(): Promise<readonly string[]>;
  examine(monitor: string): Promise<Examined>;
}

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
  return {
    help: values.help === true,
    yes: values.yes === true,
    engine: engineOf(values.log, io),
    setup: () => ({
      partitions: number("partitions-count", DEFAULT_PARTITIONS, 256),
      replicas: number("replicas", 1, 5),
    }),
    monitor: get("monitor", ""),
    dataDir: get("data-dir", "./data"),
  };
}

function engineOf(flag: string | undefined, io: LogIo): LogEngine | undefined {
  const address = logAddress(flag, io.env);
  if (address === undefined) return undefined;
  return address.engine === "fluvio" ? fluvioEngine(address, io.fluvio) : natsEngine(address, io.fetch);
}

const NOTHING_TO_DO =
  "Conversations are kept in a file of the data folder: there is nothing to set up or to clean up.\n";

/** `parley setup`. @throws UserError, LogOpenError */
export async function runSetup(args: readonly string[], io: LogIo): Promise<void> {
  const { help, engine, setup } = settings(args, io);
  if (help) return io.stdout(LOG_HELP);
  if (engine === undefined) return io.stdout(NOTHING_TO_DO);
  const { made, note } = await engine.setup(setup());
  if (made.length === 0) io.stdout(`The log ${engine.shown} is there already: nothing was changed.\n`);
  else io.stdout(`Made ${made.length} ${engine.parts} on ${engine.shown}: ${made.join(", ")}.\n`);
  if (note !== undefined) io.stdout(note);
}

/** `parley cleanup`. @throws UserError `not-confirmed`, LogOpenError */
export async function runCleanup(args: readonly string[], io: LogIo): Promise<void> {
  const { help, yes, engine } = settings(args, io);
  if (help) return io.stdout(LOG_HELP);
  if (engine === undefined) return io.stdout(NOTHING_TO_DO);
  if ((await engine.find()).length === 0) {
    return io.stdout(`There is no log at ${engine.shown}: nothing was deleted.\n`);
  }
  const prompt = `This deletes every conversation and published version on ${engine.shown}.\nType ${engine.name} to go on: `;
  if (!yes && (await io.ask(prompt)).trim() !== engine.name) {
    throw new UserError("not-confirmed", "Nothing was deleted.");
  }
  const gone = await engine.remove();
  io.stdout(`Deleted ${gone.length} ${engine.parts}: ${gone.join(", ")}.\n`);
}

/** `parley doctor`. @returns the exit code: 1 where something is not sound. @throws UserError, LogOpenError */
export async function runDoctor(args: readonly string[], io: LogIo): Promise<number> {
  const { help, engine, monitor, dataDir } = settings(args, io);
  if (help) {
    io.stdout(LOG_HELP);
    return 0;
  }
  const folder = resolve(io.cwd, dataDir);
  const { rows, sound } =
    engine === undefined ? { rows: embedded(folder), sound: true } : await engine.examine(monitor);
  // A process that keeps no keys has no studio's file either.
  const sealed = (io.env.ENCRYPT ?? "").toLowerCase() === "on";
  const { MIN_FREE } = io.env;
  const { minFree } = readConfig([], MIN_FREE === undefined ? {} : { MIN_FREE });
  const { holder, findings } = examineFolder(folder, { sealed, minFree, now: Date.now() });
  io.stdout(
    table([
      ...rows,
      ["Folder", `${folder}${existsSync(folder) ? "" : ", which is not there yet"}`],
      ...(holder === undefined ? [] : [["Held by", holder]]),
      ["Found", findings.length === 0 ? "nothing wrong" : `${findings.length} wrong`],
      ...findings.map(({ where, what, todo }) => ["Wrong", `${where}: ${what}. ${todo}`]),
    ]),
  );
  return sound && findings.length === 0 ? 0 : 1;
}

function embedded(folder: string): Examined["rows"] {
  return [
    ["Log", join(folder, "log.db")],
    ["Engine", "SQLite, in the server's process"],
    ["Killed", "nothing acknowledged is lost"],
    ["Power loss", "nothing acknowledged is lost: every commit is on the disk before it is acknowledged"],
  ];
}

/** Names and values, one a line. */
const table = (rows: readonly (readonly string[])[]): string =>
  rows.map(([name, value]) => `${name!.padEnd(12)} ${value}\n`).join("");
