import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { openSqliteLog } from "../log/sqlite.js";
import { sha256 } from "../proxy/sessions.js";
import { readLogFile } from "../testing/log-file.js";
import { addressOf, asManyAs, each, oneAddress, residentMiB } from "../testing/many.js";
import { startServer } from "../testing/process.js";
import { Random, seedOfRun } from "../testing/random.js";
import { first, sidOf, text, turn } from "../testing/records.js";
import { scratch } from "../testing/server.js";
import { Talker, wrongs } from "../testing/soak/talker.js";

/** Limits are on. `npm run test:torture -- --storms` has them all. */
const LONG = process.env.STORMS !== undefined;
const SOCKETS = LONG ? 10_000 : 500;
const STALLED = LONG ? 1_000 : 50;
/** Messages of 8 KiB in the conversation that they join. */
const MESSAGES = LONG ? 1_000 : 500;
const LETTER = 8 * 1024;
const TALKING = 10;
const AT_A_TIME = 200;

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

function people(count: number, took: () => void = () => undefined): Talker[] {
  return Array.from({ length: count }, (_, i) => {
    const quiet = { sockets: () => undefined, busy: () => undefined };
    return new Talker({ name: `p${i}`, took, ...quiet, localAddress: addressOf(i) });
  });
}

it.skipIf(oneAddress !== "")(
  `[P1] [P4] [P10] ${SOCKETS} connections that come back at once, to a server that was killed, are all resumed${oneAddress}`,
  { timeout: LONG ? 600_000 : 120_000 },
  async () => {
    const random = new Random(seedOfRun());
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    let server = await startServer({ dataDir: folder.path });
    cleanup.push(() => server.stop("SIGKILL"));
    const chat = () => `${server.wsUrl}chat/bot-assistant`;
    let acks = 0;
    const all = people(asManyAs(SOCKETS), () => {
      acks += 1;
    });
    cleanup.push(() => all.map((person) => person.close()));
    await each(all, AT_A_TIME, (person) => person.open(chat()));
    await each(all, AT_A_TIME, (person) => person.say(performance.now()));
    const before = residentMiB(server.pid);

    // Everybody goes on saying something, and in the middle of it the server is killed.
    for (const person of all) person.mayLose();
    let going = true;
    const said = Promise.all(
      all.map(async (person) => {
        while (going) await person.say(performance.now());
      }),
    );
    for (const from = acks; acks < from + 50; ) await delay(1);
    expect(await server.stop("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
    going = false;
    expect(all.filter((person) => person.waits).length, "messages under way").toBeGreaterThan(0);
    server = await startServer({ dataDir: folder.path });
    const began = performance.now();
    const tries = await Promise.all(
      all.map((person) => person.comeBack(chat(), () => delay(100 + 900 * random.next()))),
    );
    const resumed = performance.now() - began;
    await said;
    const answered = performance.now() - began;
    const after = residentMiB(server.pid);

    const looked = all.slice(0, 100);
    const fresh = await each(looked, 10, (person) => person.end(chat()));
    const log = readLogFile(folder.path);
    const wrong = all.flatMap((person, i) =>
      wrongs(person, fresh[i] ?? person.tabs[0]!.received, log.get(person.sid)!),
    );
    expect(wrong).toEqual([]);
    console.log(
      `${all.length} resumed in ${Math.round(resumed)} ms, all answered after ${Math.round(answered)} ms, ` +
        `${tries.reduce((sum, n) => sum + n, 0)} tries; memory ${before} MiB before and ${after} MiB after`,
    );
    expect(after, "memory after the storm").toBeLessThan(2 * before);
  },
);

it.skipIf(oneAddress !== "")(
  `[P10] ${STALLED} readers that stall in the middle of a long conversation cost what they may, and others are served${oneAddress}`,
  { timeout: LONG ? 600_000 : 120_000 },
  async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const secret = randomBytes(32).toString("base64url");
    const sid = sidOf(7);
    await longConversation(join(folder.path, "log.db"), sid, secret);
    const server = await startServer({ dataDir: folder.path });
    cleanup.push(() => server.stop("SIGKILL"));
    const chat = `${server.wsUrl}chat/bot-assistant`;
    const all = people(TALKING);
    cleanup.push(() => all.map((person) => person.close()));
    const talk = (times: number) =>
      each(all, TALKING, async (person) => {
        for (let n = 0; n < times; n++) await person.say(performance.now());
      });
    await each(all, TALKING, (person) => person.open(chat));
    await talk(5);
    const before = residentMiB(server.pid);
    const stalled = await each(Array.from({ length: asManyAs(STALLED) }), 20, (_, i) =>
      stalledReader(chat, `${sid}.${secret}`, addressOf(i)),
    );
    cleanup.push(() => stalled.map((ws) => ws.terminate()));
    await talk(5);
    const with_ = residentMiB(server.pid);
    await talk(LONG ? 60 : 15);
    const after = residentMiB(server.pid);
    console.log(`${stalled.length} stalled: ${before} MiB before them, ${with_} MiB with them, ${after} MiB later`);
    // What was read of their conversation is kept once. Each would cost more than all of it otherwise.
    const conversation = (MESSAGES * LETTER) / 1024 / 1024;
    expect((with_ - before) / stalled.length, "MiB for each stalled reader").toBeLessThan(conversation);
    expect(after, "memory while they stall").toBeLessThan(1.3 * with_);
    const fresh = await each(all, TALKING, (person) => person.end(chat));
    const log = readLogFile(folder.path);
    expect(all.flatMap((person, i) => wrongs(person, fresh[i]!, log.get(person.sid)!))).toEqual([]);
  },
);

/** A long conversation, in the log of a server that has not been started yet. */
async function longConversation(file: string, sid: string, secret: string): Promise<void> {
  const log = await openSqliteLog({ file });
  const beginning = first(sid, { flow: "bot-assistant", grant: sha256(secret) });
  await log.append([beginning]);
  const said = Array.from({ length: MESSAGES }, (_, n) => [
    text(sid, `${n}`, "x".repeat(LETTER)),
    turn(sid, `c.${n}`, 1),
  ]);
  await Promise.all(said.map((records) => log.append(records)));
  await log.close();
}

/** Joins a conversation and reads no more once it is welcome. */
function stalledReader(url: string, token: string, localAddress: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, SUBPROTOCOL, { localAddress });
    ws.on("open", () => ws.send(JSON.stringify({ kind: "Hello", token })));
    ws.once("message", (data) => {
      ws.pause();
      if (data.toString().startsWith('{"kind":"Welcome"')) resolve(ws);
      else reject(new Error(`no welcome: ${data.toString().slice(0, 200)}`));
    });
    ws.on("error", reject);
  });
}
