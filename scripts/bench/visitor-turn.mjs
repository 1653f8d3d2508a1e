// One visitor alone: a turn against the two waits that it cannot avoid, a durable commit and a round trip.
import path from "node:path";
import { bench } from "./bench.mjs";
import { scratch, startEcho, startLoad, startParley } from "./children.mjs";
import { least, median, time } from "./figures.mjs";
import { serverPackage } from "./server-package.mjs";

const Database = serverPackage("better-sqlite3");
const ROUNDS = 5;
const MS = 1_500;
/** As long as the three records of a turn. */
const RECORD = JSON.stringify({ text: "x".repeat(340) });

/** Times of single commits as durable as the log's: same disk, WAL, `synchronous=FULL`. */
class Commits {
  #pos = 0;
  /** @param {string} file */
  constructor(file) {
    const db = new Database(file);
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.exec("CREATE TABLE record (pos INTEGER PRIMARY KEY, data TEXT NOT NULL)");
    const add = db.prepare("INSERT INTO record VALUES (?, ?)");
    this.turn = db.transaction(() => {
      for (let i = 0; i < 3; i++) add.run(++this.#pos, RECORD);
    });
  }

  /** The median of `ms` of commits, in ms. */
  measure(ms) {
    const times = [];
    for (const end = performance.now() + ms; performance.now() < end; ) {
      const began = performance.now();
      this.turn();
      times.push(performance.now() - began);
    }
    return median(times);
  }
}

await bench(async (report) => {
  const folder = scratch();
  const server = await startParley(path.join(folder, "data"));
  const echo = await startEcho();
  const load = startLoad();
  const commits = new Commits(path.join(folder, "commits.db"));
  await load.open("parley", { port: server.port, kind: "bare", connections: 1 });
  await load.open("echo", { port: echo.port, kind: "echo", connections: 1 });
  await load.measure("parley", MS);
  await load.measure("echo", MS / 2);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const turn = await load.measure("parley", MS);
    const trip = await load.measure("echo", MS / 2);
    rounds.push({ turn: turn.p50, p99: turn.p99, trip: trip.p50, commit: commits.measure(MS / 2) });
  }
  const best = (/** @type {"turn" | "p99" | "trip" | "commit"} */ key) => least(rounds.map((round) => round[key]));
  const floor = best("commit") + best("trip");
  report({
    name: "turn of one visitor (median)",
    measured: time(best("turn")),
    beside: `commit ${time(best("commit"))} + round trip ${time(best("trip"))}`,
    ratio: best("turn") / floor,
    atMost: 3,
  });
  report({ name: "turn of one visitor (p99)", measured: time(best("p99")), ratio: best("p99") / floor });
});
