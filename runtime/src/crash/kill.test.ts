import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "@parley/shared/flow/compile";
import { clientId, type LogRecord } from "@parley/shared/record";
import { expect, it, onTestFailed } from "vitest";
import { sidOfCookie } from "../proxy/sessions.js";
import { BareVisitor } from "../testing/bare-visitor.js";
import { BareClient } from "../testing/clients.js";
import { type Counted, Load } from "../testing/load.js";
import { readLogFile } from "../testing/log-file.js";
import { alive, changed, launch, type ServerProcess, startServer } from "../testing/process.js";
import { Random, seedOfRun } from "../testing/random.js";
import { FLOWS, scratch } from "../testing/server.js";
import { checkVisitor, settled } from "../testing/settled.js";
import { linesOfInputs, linesOfLog } from "../testing/verdict.js";
import { Visitor } from "../testing/visitor.js";

/** How often the server is killed. A long run: `ROUNDS=500`. */
const ROUNDS = Number(process.env.ROUNDS ?? 20);
const ROUND_LIMIT_MS = 10_000;
/** Nothing here is about limits, and all of the load comes from one address. */
const args = ["--limits", "off", "--log-level", "warn"];
const program = compile(JSON.parse(readFileSync(join(FLOWS, "bot-assistant.json"), "utf8")));

const name = `[P1] [P3] [P4] [P5] [P7] [P8] hold over ${ROUNDS} kills under load`;

it(name, { timeout: 60_000 + ROUNDS * ROUND_LIMIT_MS }, async () => {
  const seed = seedOfRun();
  onTestFailed(() => console.error(`PARLEY_SEED=${seed} repeats this run.`));
  const random = new Random(seed);
  const load = new Load(random);
  const folder = scratch();
  const visitors = Array.from({ length: 16 }, (_, i) => newVisitor(load, i));
  const bare = Array.from({ length: 5 }, (_, i) => new BareVisitor(load, `b${i}`));
  let server: ServerProcess | undefined;
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const before = server?.pid;
      if (round % 5 === 0) await startCutShort(folder.path, random);
      server = await startServer({ dataDir: folder.path, args });
      expect(server.pid).not.toBe(before);
      if (round % 5 === 0) visitors.push(newVisitor(load, visitors.length));
      for (const visitor of visitors) if (visitor.tabs.length < 3 && random.chance(0.05)) visitor.addTab();

      // One in four lives long enough to save its places and projections, which the log is ahead of then.
      const inFlight = await loadUntilKilled(server, load, visitors, bare, round % 4 === 0 ? 5 : 1);
      expect(inFlight, `round ${round}: a message was in flight`).toBeGreaterThan(0);
      expect(alive(server.pid)).toBe(false);
      checkStored(readLogFile(folder.path), visitors, random, `round ${round}`);
    }
    server = await startServer({ dataDir: folder.path, args });
    load.stopping = true;
    const fresh = await settle(server, visitors, bare);
    expect(await server.stop("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });

    const log = readLogFile(folder.path);
    for (const [i, visitor] of visitors.entries())
      checkVisitor(log.get([...visitor.sids][0]!) ?? [], visitor, fresh.v1[i]!, program);
    for (const [i, visitor] of bare.entries()) checkBare(log, visitor, fresh.bare[i]!);
    const all = visitors.flatMap((visitor) => [...visitor.sent.values()]);
    const dropped = all.filter((entry) => entry.stored && entry.acks > 0).length;
    expect(dropped, "[P3] a stored message was sent again, and dropped").toBeGreaterThan(0);
    console.log(
      `${ROUNDS} kills, seed ${seed}: ${all.length} messages, ${load.counts.acks} acks, ${dropped} sent again though ` +
        `stored, ${all.filter((entry) => entry.sends > 1).length} sent more than once, ` +
        `${all.filter((entry) => entry.givenUp).length} given up, ${load.counts.frames} frames`,
    );
  } finally {
    await server?.stop("SIGKILL");
    folder.dispose();
  }
});

const newVisitor = (load: Load, i: number): Visitor =>
  new Visitor(load, `v${i}`, { tabs: 1 + (i % 2), resets: i % 4 === 0 });

/** A start that is killed while it reads and finishes what is owed: at a random change of the log's files. */
async function startCutShort(dataDir: string, random: Random): Promise<void> {
  const change = changed(dataDir, (name) => name.startsWith("log.db"), random.int(1, 8));
  const server = launch({ dataDir, args });
  await Promise.race([change, server.says("Websocket")]);
  expect(await server.stop("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
}

/** Lets everybody talk and kills the server at a random moment. @returns messages sent and not acknowledged then */
async function loadUntilKilled(
  server: ServerProcess,
  load: Load,
  visitors: readonly Visitor[],
  bare: readonly BareVisitor[],
  times: number,
): Promise<number> {
  const { random } = load;
  let inFlight = 0;
  const what = random.pick<Counted>(["sent", "acks", "frames"]);
  const n = random.int(1, what === "frames" ? 1000 : 200);
  load.moment(what, n * times, random.int(0, 4), () => {
    inFlight = visitors.flatMap((visitor) => visitor.unacked).filter((entry) => entry.inFlight).length;
    return inFlight > 0 && process.kill(server.pid, "SIGKILL");
  });
  const connected = Promise.all([
    ...visitors.map((visitor) => visitor.connect(`${server.wsUrl}chat/bot-assistant`)),
    ...bare.map((visitor) => visitor.connect(server.wsUrl)),
  ]);
  expect(await server.ended).toEqual({ code: null, signal: "SIGKILL" });
  await connected;
  for (const visitor of visitors) await Promise.all(visitor.tabs.map((tab) => tab.whenClosed()));
  await Promise.all(bare.map((visitor) => visitor.whenClosed()));
  return inFlight;
}

/** [P1] Right after a kill: what was acknowledged is in the file. Notes what is there without an acknowledgement. */
function checkStored(
  log: ReadonlyMap<string, readonly LogRecord[]>,
  visitors: readonly Visitor[],
  random: Random,
  round: string,
): void {
  for (const visitor of visitors) {
    const sid = [...visitor.sids][0];
    const ids = new Set((log.get(sid ?? "") ?? []).map((record) => record.id));
    if (sid !== undefined) expect(ids.size, `${round}: the session of a Welcome is stored`).toBeGreaterThan(0);
    const acked = [...visitor.sent.values()].filter((entry) => entry.acks > 0).map((entry) => clientId(entry.frame.id));
    expect(
      acked.filter((id) => !ids.has(id)),
      `${round}: acknowledged and not stored`,
    ).toEqual([]);
    for (const entry of visitor.unacked) {
      entry.stored ||= ids.has(clientId(entry.frame.id));
      entry.givenUp ||= random.chance(0.1);
    }
  }
}

/** Connects everybody once more until nothing is open, and a fresh reader to each session; what those were sent. */
async function settle(server: ServerProcess, visitors: readonly Visitor[], bare: readonly BareVisitor[]) {
  const chat = `${server.wsUrl}chat/bot-assistant`;
  const v1 = visitors.map(async (visitor) => {
    await visitor.connect(chat);
    return settled(visitor, chat);
  });
  const others = bare.map(async (visitor) => {
    await visitor.connect(server.wsUrl);
    await visitor.until("Great, thanks!");
    const fresh = await BareClient.connect(server.wsUrl, { cookie: visitor.cookie! });
    await fresh.until(() => fresh.all.length >= visitor.watching.at(-1)!.shown.length, "the conversation");
    return fresh.all;
  });
  return { v1: await Promise.all(v1), bare: await Promise.all(others) };
}

function checkBare(log: ReadonlyMap<string, readonly LogRecord[]>, visitor: BareVisitor, fresh: unknown[]): void {
  expect(visitor.cookies.length, "[P1] one session from the first cookie on").toBe(1);
  const records = log.get(sidOfCookie(visitor.cookie!)) ?? [];
  const lines = linesOfLog(records);
  const messages = lines.map((line) => line.message);
  expect(fresh, "[P5] a fresh reader sees what the log means").toEqual(messages);
  expect(visitor.watching.at(-1)!.shown).toEqual(messages);
  for (const { shown } of visitor.watching)
    expect(shown, "[P4] from the first on").toEqual(messages.slice(0, shown.length));
  for (const { shown } of visitor.speaking) expect(withoutOwn(shown, messages), "[P5] all but its own").toEqual(shown);
  const texts = messages.flatMap((message) => (message.kind === "UserText" ? [message.content] : []));
  expect(new Set(texts).size, "[P3] a text stands once").toBe(texts.length);
  expect(texts.filter((text) => !visitor.texts.includes(text))).toEqual([]);
  expect(linesOfInputs(records, program), "[P8] what the bot said is what its rules say, once").toEqual(lines);
}

/** The messages, without answers where `shown` goes on with something else: its own are not echoed to a socket. */
function withoutOwn(shown: readonly unknown[], messages: readonly { kind: string }[]): unknown[] {
  const found: unknown[] = [];
  for (const message of messages) {
    if (found.length === shown.length) break;
    const same = JSON.stringify(message) === JSON.stringify(shown[found.length]);
    if (same || (message.kind !== "UserText" && message.kind !== "ChoiceResponse")) found.push(message);
  }
  return found;
}
