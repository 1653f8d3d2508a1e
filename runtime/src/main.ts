import { destination, type Logger, pino } from "pino";
import { runBackup, runRestore } from "./cli/backup.js";
import { runCheck } from "./cli/check.js";
import { printable } from "./cli/check-report.js";
import { runExport } from "./cli/export.js";
import { runKeys } from "./cli/keys.js";
import { type LogIo, runCleanup, runDoctor, runSetup } from "./cli/log-commands.js";
import { runLogin } from "./cli/login.js";
import { askLine, askPassword } from "./cli/password.js";
import { runPublish } from "./cli/publish.js";
import type { ServerIo } from "./cli/server.js";
import type { CommandIo } from "./cli/studio-store.js";
import { runTests } from "./cli/test.js";
import { runUsers } from "./cli/users.js";
import { readConfig, serveHelp } from "./config.js";
import { DataFolderError } from "./data-folder.js";
import { reason, UserError } from "./errors.js";
import { LogOpenError } from "./log/event-log.js";
import { createNode, type Node } from "./node.js";
import { createRuntime, type Runtime } from "./runtime.js";

const HELP = `parley: conversations from flow files

  parley serve FLOW…   serve flow files, or folders of them
  parley check FLOW…   say what is wrong with flow files (--format text|json|sarif, --fix)
  parley test FLOW …   play tests on a flow file, without a server (--generate proposes some)
  parley publish FLOW  make a flow file the live version on a server (--note, --server, --token)
  parley export FLOW   print a flow of a server as its file (--version, --draft, --out)
  parley login [NAME]  print a link that signs in to the studio, good once within ten minutes
  parley users …       who may enter the studio: list, add, role, password, remove
  parley keys …        by which keys your site says who a visitor is: list, add, remove
  parley setup         make the streams of a log on NATS, once (parley cleanup deletes them)
  parley backup FOLDER copy conversations and the studio's store, while the server runs (parley restore FOLDER)
  parley doctor        where conversations are kept, what that promises, and whether it is sound

"parley serve --help" lists every setting with its default.
`;

/** So soon after the first, in ms, a signal is the same one: npm passes on what the terminal has sent to all. */
const SAME_SIGNAL = 1_000;

/** The command line. Sets the exit code: 0, 1 for what went wrong, 2 for a wrong call. Never throws. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [command, ...args] = argv;
  try {
    if (command === "serve") {
      if (args.includes("--help") || args.includes("-h")) process.stdout.write(serveHelp());
      else await serve(args, env);
    } else if (command === "check") {
      const io = { stdout: write(process.stdout), stderr: write(process.stderr), cwd: process.cwd() };
      process.exitCode = await runCheck(args, io);
    } else if (command === "test") {
      const io = { stdout: write(process.stdout), stderr: write(process.stderr), cwd: process.cwd() };
      process.exitCode = await runTests(args, io);
    } else if (command === "login") await runLogin(args, commandIo(env));
    else if (command === "users") await runUsers(args, commandIo(env));
    else if (command === "keys") await runKeys(args, commandIo(env));
    else if (command === "publish") await runPublish(args, serverIo(env));
    else if (command === "setup") await runSetup(args, logIo(env));
    else if (command === "cleanup") await runCleanup(args, logIo(env));
    else if (command === "doctor") process.exitCode = await runDoctor(args, logIo(env));
    else if (command === "backup") runBackup(args, commandIo(env));
    else if (command === "restore") await runRestore(args, commandIo(env));
    else if (command === "export") await runExport(args, serverIo(env));
    else if (command === undefined || command === "--help" || command === "-h" || command === "help") {
      process.stdout.write(HELP);
      if (command === undefined) process.exitCode = 2;
    } else {
      throw new UserError("bad-command", `There is no command ${JSON.stringify(command)}. See "parley --help".`, {
        exitCode: 2,
      });
    }
  } catch (error) {
    // Ends at once: a start that failed half-way may hold threads and timers.
    process.exit(report(error));
  }
}

async function serve(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(args, env);
  const { role } = config;
  if (config.flows.length === 0 && role === "all") {
    throw new UserError("no-flow", 'Name a flow file: "parley serve flows/bot-assistant.json".', { exitCode: 2 });
  }
  const logger = createLogger(config.logLevel);
  // All it writes is in the data folder, and for this user alone.
  process.umask(0o077);
  // Until the runtime is there, a signal waits for it, no longer than for a drain; after that it drains. A second one
  // ends at once.
  let ready: (() => Promise<void>) | undefined;
  let asked: number | undefined;
  const stop = (): void => {
    if (asked !== undefined && performance.now() - asked < SAME_SIGNAL) return;
    if (asked !== undefined) process.exit(1);
    asked = performance.now();
    if (ready) void ready();
    else setTimeout(() => ready ?? process.exit(1), config.drain).unref();
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  const node = role === "all" ? await createRuntime(config, logger) : await createNode(config, logger);
  ready = async () => {
    logger.info("draining");
    try {
      await node.drain();
      process.exit(0);
    } catch (error) {
      logger.fatal({ err: error }, "the drain failed");
      process.exit(1);
    }
  };
  if (asked !== undefined) return ready();
  process.stdout.write(readyText(node, config.dataDir));
}

function readyText(node: Runtime | Node, dataDir: string): string {
  const own = "addresses" in node ? node.addresses : addressesOf(node);
  const rows = [...own, ["Data", dataDir] as const];
  return `Parley is ready.\n${rows.map(([name, value]) => `  ${name.padEnd(11)} ${value}\n`).join("")}`;
}

const addressesOf = ({ studioUrl, url, wsUrl }: Runtime): Node["addresses"] => [
  ["Studio", studioUrl],
  ["Demo page", url],
  ["Websocket", wsUrl],
];

const commandIo = (env: NodeJS.ProcessEnv): CommandIo => ({
  stdout: write(process.stdout),
  password: (prompt) => askPassword(prompt, process.stdin, process.stderr),
  env,
  cwd: process.cwd(),
  now: Date.now,
});

const serverIo = (env: NodeJS.ProcessEnv): ServerIo => ({
  stdout: write(process.stdout),
  stderr: write(process.stderr),
  env,
  cwd: process.cwd(),
  fetch,
});

const logIo = (env: NodeJS.ProcessEnv): LogIo => ({
  stdout: write(process.stdout),
  ask: (prompt) => askLine(prompt, process.stdin, process.stderr),
  env,
  cwd: process.cwd(),
  fetch,
});

/** Structured lines on stderr. What a visitor wrote, tokens and cookies are in none. */
function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["token", "cookie", "*.token", "*.cookie", "req.headers.cookie", "secret", "*.secret"],
    },
    destination({ dest: 2, sync: true }),
  );
}

/** One sentence for the user, and the exit code. */
function report(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`parley: ${printable(error.message)} (${error.code})\n`);
    return error.exitCode;
  }
  if (error instanceof DataFolderError || error instanceof LogOpenError) {
    process.stderr.write(`parley: ${printable(error.message)} (${error.code})\n`);
    return 1;
  }
  // Of parseArgs: a flag that is not there, or without its value.
  if (error instanceof TypeError && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS")) {
    process.stderr.write(`parley: ${printable(error.message.split(". ")[0]!)}. See "parley --help". (bad-flag)\n`);
    return 2;
  }
  process.stderr.write(
    `parley: unexpected: ${error instanceof Error ? (error.stack ?? error.message) : reason(error)}\n`,
  );
  return 1;
}

const write = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(text);
