import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { LIMITS } from "@parley/shared/protocol/limits";
import { UserError } from "./errors.js";
import { type LogAddress, logAddress } from "./log/address.js";
import { TRACING_HELP, type TracingConfig, tracingConfig } from "./tracing/config.js";

/** Limits of one server (SPEC P10, promises.md), each `LIMIT_…` in the environment. */
export type Limits = {
  /** Frames a second, for one socket and for one address. */
  readonly framesPerSocket: number;
  readonly framesPerAddress: number;
  readonly socketsPerAddress: number;
  readonly sessionsPerMinute: number;
  readonly recordsPerSession: number;
  readonly bytesPerDay: number;
};

/** Bytes of pictures that a flow, and all flows of a server, may have. */
export type PictureRoom = { readonly flow: number; readonly server: number };

/** Bytes of a frame and of a visitor's text as JSON; waits in ms; parts that one message may come in. */
export type SocketBounds = {
  readonly frameBytes: number;
  readonly textBytes: number;
  readonly handshake: number;
  readonly idle: number;
  readonly closeTimeout: number;
  readonly fragments: number;
};

export type Config = {
  /** Bytes free on the data folder's disk below which nothing new begins; 0: whatever is free. */
  readonly minFree: number;
  readonly port: number;
  /** `/studio`, `/api` and `/metrics` on a port of their own; undefined: on the same one. */
  readonly adminPort: number | undefined;
  readonly host: string;
  readonly dataDir: string;
  /** Where the log is that processes share; undefined: a file in the data folder. */
  readonly log: LogAddress | undefined;
  /** What this process does: everything, or one of it beside others on a shared log. */
  readonly role: (typeof ROLES)[number];
  readonly publicUrl: URL | undefined;
  /** Where the studio is: a proxy asks it for pictures, the studio itself may be called so. */
  readonly studioUrl: URL | undefined;
  readonly trustProxy: number;
  readonly logLevel: LogLevel;
  /** Undefined: no rate limits, for load tests from one address. */
  readonly limits: Limits | undefined;
  /** A `HttpOnly` session cookie; clients of the bare protocol then cannot start over by clearing it. */
  readonly cookieHttpOnly: boolean;
  /** Bounds of frames and sockets; they hold with `LIMITS=off` as well. */
  readonly socket: SocketBounds;
  readonly pictures: PictureRoom;
  readonly metricsToken: string | undefined;
  /** `host:port`, as addresses spell them: where webhooks may go though it is not https or not public. */
  readonly webhookAllow: readonly string[];
  /** File of the keys that sign identities; undefined: `identity-keys.json` in the data folder. */
  readonly identityKeys: string | undefined;
  /** Records of a shared log are sealed by a key for each session, which the studio holds. */
  readonly encrypt: boolean;
  /** By which the processes of a cluster know each other. */
  readonly clusterToken: string | undefined;
  /** For how many ms conversations stay, those that nobody answered apart; undefined: for ever. */
  readonly keeps: { readonly sessions: number | undefined; readonly unanswered: number | undefined };
  /** Where traces go; undefined: nowhere. */
  readonly tracing: TracingConfig | undefined;
  /** Milliseconds for a drain. */
  readonly drain: number;
  readonly partitions: number;
  /** The partitions that this process steps; undefined: by leases on NATS, and otherwise all of them. */
  readonly owned: readonly number[] | undefined;
  /** Flow files or folders. */
  readonly flows: readonly string[];
};
export type LogLevel = (typeof LOG_LEVELS)[number];
const ROLES = ["all", "proxy", "workflow", "studio"] as const;
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const MIB = 1024 * 1024;

type Option = { env: string; flag: string; default: string; help: string };
const option = (env: string, fallback: string, help: string): Option => ({
  env,
  flag: env.toLowerCase().replaceAll("_", "-"),
  default: fallback,
  help,
});

/** Every setting: its variable, its flag (the same name), its default. `--help` prints this table. */
const OPTIONS = {
  port: option("PORT", "9998", "port of everything: pages, widget, websocket (0: any free one)"),
  adminPort: option("ADMIN_PORT", "", "a port of its own for /studio, /api and /metrics (0: any free one)"),
  host: option("HOST", "127.0.0.1", "address to listen on"),
  dataDir: option("DATA_DIR", "./data", "folder of the log and of what the studio keeps; made with mode 0700"),
  log: option("LOG", "sqlite", "where conversations are kept: sqlite, nats://host:4222/name, fluvio://host:9003/name"),
  role: option("ROLE", "all", "all, or of several processes on a shared log one's part: proxy, workflow or studio"),
  publicUrl: option("PUBLIC_URL", "", "how visitors reach this server, as https://bots.example"),
  studioUrl: option(
    "STUDIO_URL",
    "",
    "where a studio of its own is, as http://studio:9998; a proxy gets pictures there",
  ),
  trustProxy: option("TRUST_PROXY", "0", "how many proxies in front set X-Forwarded-* headers"),
  logLevel: option("LOG_LEVEL", "info", `one of ${LOG_LEVELS.join(", ")}`),
  limits: option("LIMITS", "on", "off switches the rate limits below off, for load tests from one address"),
  framesPerSocket: option("LIMIT_FRAMES_PER_SOCKET", "20", "frames a second from one connection"),
  framesPerAddress: option("LIMIT_FRAMES_PER_ADDRESS", "200", "frames a second from one address"),
  socketsPerAddress: option("LIMIT_SOCKETS_PER_ADDRESS", "100", "open connections of one address"),
  sessionsPerMinute: option("LIMIT_SESSIONS_PER_MINUTE", "60", "new conversations a minute from one address"),
  recordsPerSession: option("LIMIT_RECORDS_PER_SESSION", "5000", "visitor's messages in one conversation"),
  bytesPerDay: option("LIMIT_BYTES_PER_DAY", String(20 * 1024 * 1024), "bytes stored a day for one address"),
  frameBytes: option("LIMIT_FRAME_BYTES", String(LIMITS.frameBytes), "bytes of one frame, up to 64 KiB"),
  textBytes: option("LIMIT_TEXT_BYTES", String(LIMITS.textBytes), "bytes of a visitor's text as JSON, up to 8 KiB"),
  fragments: option("LIMIT_FRAGMENTS", "64", "parts that one message may come in"),
  flowPictures: option("LIMIT_PICTURES_PER_FLOW", String(50 * MIB), "bytes of pictures of one flow"),
  pictures: option("LIMIT_PICTURES", String(500 * MIB), "bytes of pictures of all flows"),
  minFree: option("MIN_FREE", String(256 * MIB), "free bytes of the data folder's disk for anything new; 0: off"),
  handshake: option("HANDSHAKE", "5", "seconds until a new connection has to have sent its headers, and said Hello"),
  idle: option("IDLE", "90", "seconds until a silent connection is given up"),
  closeTimeout: option("CLOSE_TIMEOUT", "5", "seconds that a connection gets to close"),
  cookieHttpOnly: option("COOKIE_HTTP_ONLY", "off", "on hides the session cookie from scripts"),
  metricsToken: option("METRICS_TOKEN", "", "bearer token of /metrics; without one only loopback may read it"),
  webhookAllow: option("WEBHOOK_ALLOW", "", "host:port,… that webhooks may go to besides https at public addresses"),
  identityKeys: option("IDENTITY_KEYS", "", 'file of "parley keys"; unset: identity-keys.json in the data folder'),
  encrypt: option(
    "ENCRYPT",
    "off",
    "on seals what is said by a key a conversation, which erasing drops; on a shared log",
  ),
  clusterToken: option("CLUSTER_TOKEN", "", "secret of all processes with ENCRYPT=on: 32 characters or more"),
  retention: option("RETENTION", "0", "days without a word after which a conversation is erased; 0 keeps all"),
  retentionUnanswered: option(
    "RETENTION_UNANSWERED",
    "24",
    "hours after which a conversation is erased that its visitor never answered; 0 keeps them",
  ),
  drain: option("DRAIN", "8", "seconds for an orderly stop"),
  partitions: option("PARTITIONS_COUNT", "4", "partitions of a new log; fixed once it is made"),
  owned: option(
    "PARTITIONS",
    "",
    "partitions that this process steps, as 0-3 or 0,2,5-7; on fluvio there are no leases",
  ),
} as const satisfies Record<string, Option>;

/**
 * Reads the configuration once: flags before environment before defaults.
 * @throws UserError with exit code 2 for an unknown flag or a bad value.
 */
export function readConfig(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Config {
  const { values, flows } = parse(argv);
  const get = (name: keyof typeof OPTIONS): { text: string; from: string } => {
    const { flag, env: variable, default: fallback } = OPTIONS[name];
    const given = values[flag];
    if (given !== undefined) return { text: given, from: `--${flag}` };
    return { text: env[variable] || fallback, from: variable };
  };
  const number = (name: keyof typeof OPTIONS, min: number, max: number): number => {
    const { text, from } = get(name);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) bad(from, text, `a whole number from ${min} to ${max}`);
    return value;
  };
  const choice = <T extends string>(name: keyof typeof OPTIONS, allowed: readonly T[]): T => {
    const { text, from } = get(name);
    if (!allowed.includes(text as T)) bad(from, text, `one of ${allowed.join(", ")}`);
    return text as T;
  };
  const limits: Limits = {
    framesPerSocket: number("framesPerSocket", 1, 1e6),
    framesPerAddress: number("framesPerAddress", 1, 1e6),
    socketsPerAddress: number("socketsPerAddress", 1, 1e6),
    sessionsPerMinute: number("sessionsPerMinute", 1, 1e6),
    recordsPerSession: number("recordsPerSession", 1, 1e6),
    bytesPerDay: number("bytesPerDay", 1024, 1e12),
  };
  const log = logAddress(values[OPTIONS.log.flag], env);
  const partitions = number("partitions", 1, 256);
  const role = choice("role", ROLES);
  return {
    port: number("port", 0, 65535),
    adminPort: get("adminPort").text === "" ? undefined : number("adminPort", 0, 65535),
    host: get("host").text,
    dataDir: get("dataDir").text,
    log,
    role,
    publicUrl: address(get("publicUrl")),
    studioUrl: address(get("studioUrl")),
    trustProxy: number("trustProxy", 0, 10),
    logLevel: choice("logLevel", LOG_LEVELS),
    limits: choice("limits", ["on", "off"]) === "on" ? limits : undefined,
    socket: {
      frameBytes: number("frameBytes", 1024, 64 * 1024),
      // A record holds 12 KiB, the text and what stands around it.
      textBytes: number("textBytes", 16, 8 * 1024),
      handshake: number("handshake", 1, 600) * 1000,
      idle: number("idle", 40, 86_400) * 1000,
      closeTimeout: number("closeTimeout", 1, 600) * 1000,
      fragments: number("fragments", 1, 10_000),
    },
    cookieHttpOnly: choice("cookieHttpOnly", ["on", "off"]) === "on",
    minFree: number("minFree", 0, 1e15),
    pictures: { flow: number("flowPictures", 0, 1e12), server: number("pictures", 0, 1e12) },
    metricsToken: get("metricsToken").text || undefined,
    webhookAllow: allowedTargets(get("webhookAllow")),
    identityKeys: get("identityKeys").text || undefined,
    encrypt: encrypts(choice("encrypt", ["on", "off"]), log !== undefined),
    clusterToken: clusterToken(get("clusterToken")),
    keeps: {
      sessions: days(number("retention", 0, 36_500)),
      unanswered: days(number("retentionUnanswered", 0, 876_000) / 24),
    },
    tracing: tracingConfig(env, { "parley.role": role }),
    drain: number("drain", 1, 600) * 1000,
    partitions,
    owned: owned(get("owned"), partitions, log !== undefined),
    flows,
  };
}

/** In ms; none is for ever. */
const days = (count: number): number | undefined => (count === 0 ? undefined : count * 86_400_000);

function parse(argv: readonly string[]): { values: Record<string, string | undefined>; flows: string[] } {
  const options = Object.fromEntries(Object.values(OPTIONS).map((o) => [o.flag, { type: "string" as const }]));
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    return { values: values as Record<string, string | undefined>, flows: positionals };
  } catch (cause) {
    const text = cause instanceof Error ? cause.message.split(". ")[0] : String(cause);
    throw new UserError("bad-flag", `${text}. See "parley serve --help" for what there is.`, { cause, exitCode: 2 });
  }
}

function owned(
  { text, from }: { text: string; from: string },
  partitions: number,
  shared: boolean,
): number[] | undefined {
  if (text === "") return undefined;
  if (!shared) bad(from, text, "unset while the log is a file: one process steps all of it");
  const all = text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim()) ?? [];
    const [low, high] = [Number(first), Number(last)];
    if (first === undefined || low > high || high >= partitions) {
      return bad(from, text, `numbers and ranges from 0 to ${partitions - 1}, as 0-3 or 0,2,5-7`);
    }
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  });
  return [...new Set(all)].sort((a, b) => a - b);
}

function address({ text, from }: { text: string; from: string }): URL | undefined {
  if (text === "") return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search || url.hash || url.username) {
    return bad(from, text, "an address without path, as https://bots.example");
  }
  return url;
}

function allowedTargets({ text, from }: { text: string; from: string }): string[] {
  if (text === "") return [];
  return text.split(",").map((part) => {
    const [, host, port] = /^([^\s/@?#\\]+):(\d{1,5})$/.exec(part.trim()) ?? [];
    const url = URL.canParse(`http://${host}:${port}`) ? new URL(`http://${host}:${port}`) : undefined;
    if (!url) return bad(from, text, "host:port, several with commas between, as hooks.internal:8080");
    return `${url.hostname}:${Number(port)}`;
  });
}

/** A file is erased by itself, and everybody who can read it could read the keys beside it. */
function encrypts(asked: "on" | "off", shared: boolean): boolean {
  if (asked === "on" && !shared) bad("ENCRYPT", asked, "off with LOG=sqlite, which erases what it holds");
  return asked === "on";
}

function clusterToken({ text, from }: { text: string; from: string }): string | undefined {
  if (text === "") return undefined;
  if (text.length < 32 || /[^\x21-\x7e]/.test(text)) {
    const message = `${from} must be 32 or more letters, digits and signs: "openssl rand -hex 32" makes one.`;
    throw new UserError("bad-value", message, { exitCode: 2 });
  }
  return text;
}

function bad(from: string, text: string, wanted: string): never {
  throw new UserError("bad-value", `${from} is ${JSON.stringify(text)}, but must be ${wanted}.`, { exitCode: 2 });
}

/** The text of `parley serve --help`. */
export function serveHelp(): string {
  const rows = Object.values(OPTIONS).map((o) => {
    const name = `  --${o.flag}, ${o.env}`;
    return `${name.padEnd(62)} ${o.help} (${o.default === "" ? "unset" : o.default})`;
  });
  return `parley serve FLOW… [flags]

Serves flow files (or a folder of them) as conversations. The first one is the default flow.

Flags, each also a variable of the environment; defaults in brackets:
${rows.join("\n")}

${TRACING_HELP}`;
}

/** Whether only this machine can reach the address that the server listens on. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
