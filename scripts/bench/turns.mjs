// Durable turns a second of the server against the messages a second of a bare `ws` server.
import { bench } from "./bench.mjs";
import { scratch, startEcho, startLoad, startParley } from "./children.mjs";
import { least, most, time, whole } from "./figures.mjs";

const CONNECTIONS = [1, 50, 200];
const ROUNDS = 5;
const WARM_UP = 1_500;
const MS = 1_000;
const BOUND = { 200: { atLeast: 0.2 } };

const profile = process.env.BENCH_PROFILE;

await bench(async (report) => {
  const server = await startParley(scratch(), {
    nodeFlags: profile ? ["--cpu-prof", `--cpu-prof-dir=${profile}`] : [],
  });
  const echo = await startEcho();
  const load = startLoad();
  for (const connections of CONNECTIONS) {
    await load.open("parley", { port: server.port, kind: "bare", connections });
    await load.open("echo", { port: echo.port, kind: "echo", connections });
    await load.measure("parley", WARM_UP);
    await load.measure("echo", WARM_UP / 2);
    const turns = [];
    const messages = [];
    for (let round = 0; round < ROUNDS; round++) {
      turns.push(await load.measure("parley", MS));
      messages.push(await load.measure("echo", MS));
    }
    const rate = (rounds) => most(rounds.map((round) => round.perSecond));
    const p99 = (rounds) => least(rounds.map((round) => round.p99));
    const at = `${connections} ${connections === 1 ? "connection" : "connections"}`;
    report({
      name: `durable turns a second, ${at}`,
      measured: `${whole(rate(turns))}/s`,
      beside: `bare ws ${whole(rate(messages))}/s`,
      ratio: rate(turns) / rate(messages),
      ...BOUND[connections],
    });
    report({
      name: `p99 of a turn, ${at}`,
      measured: time(p99(turns)),
      beside: `bare ws ${time(p99(messages))}`,
      ratio: p99(turns) / p99(messages),
    });
    if (process.env.BENCH_ROUNDS)
      console.log(
        turns.map((t) => whole(t.perSecond)),
        messages.map((t) => whole(t.perSecond)),
      );
    await load.close("parley");
    await load.close("echo");
  }
});
