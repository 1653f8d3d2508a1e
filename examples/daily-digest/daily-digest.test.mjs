import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { natsAddress } from "@parley/runtime/log/nats/address";
import { Link } from "@parley/runtime/log/nats/link";
import { openNatsLog } from "@parley/runtime/log/nats/nats-log";
import { makeStreams } from "@parley/runtime/log/nats/setup";
import { openSqliteLog } from "@parley/runtime/log/sqlite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startNatsServer } from "../../runtime/src/testing/nats-server.js";
import { digestOf, markdown, talksOf } from "./digest.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Conversations as servers held them. */
const recorded = (name) => JSON.parse(readFileSync(path.join(ROOT, `flows/recorded/${name}.json`), "utf8")).records;
const startOver = recorded("bot-assistant.double-tap-and-start-over");
const looking = recorded("lead-capture.only-looking");
const DAY = startOver[0].timestamp.slice(0, 10);

describe("what a digest says", () => {
  const sections = (...sessions) => markdown(DAY, digestOf(DAY, sessions.map(talksOf)));

  test("a start over begins another conversation, and refused answers are none", () => {
    expect(sections(startOver)).toBe(`# ${DAY}

## bot-assistant

2 begun, 1 ended, 0 without an answer.

| question | answer | times |
| --- | --- | ---: |
| Any other? | No | 1 |
| Any other? | Yes | 1 |
| What programming language do you use in your hobby projects? | Go | 1 |
| What programming language do you use in your hobby projects? | Other | 1 |
| What programming language do you use in your hobby projects? | Rust | 1 |
`);
  });

  test("records that come twice count once, and a session that only began has no answer", () => {
    const begun = looking.slice(
      0,
      looking.findIndex(({ payload }) => payload?.kind === "Response"),
    );
    expect(begun.length).toBeGreaterThan(0);
    const twice = sections([...startOver, ...startOver], begun);
    expect(twice).toContain(sections(startOver).slice(`# ${DAY}\n\n`.length));
    expect(twice).toContain("## lead-capture\n\n1 begun, 0 ended, 1 without an answer.\n");
  });

  test("what happens on another day is in that day's", () => {
    const next = "2026-11-26";
    const later = startOver.map((record, i) => (i < 2 ? record : { ...record, timestamp: `${next}T08:00:00.000Z` }));
    const [today, tomorrow] = [DAY, next].map((day) => digestOf(day, [talksOf(later)]).get("bot-assistant"));
    expect([today.begun, today.ended, today.answers]).toEqual([1, 0, []]);
    expect([tomorrow.begun, tomorrow.ended, tomorrow.answers.length]).toEqual([1, 1, 5]);
  });

  test("a day without conversations, and a text that would be more than text", () => {
    expect(markdown(DAY, new Map())).toBe(`# ${DAY}\n\nNobody has talked to a bot.\n`);
    const flow = { begun: 1, ended: 0, unanswered: 0, answers: [["a | b", "<b>\n# x", 2]] };
    expect(markdown(DAY, new Map([["f", flow]]))).toContain("| a \\| b | \\<b\\> \\# x | 2 |");
  });
});

const folders = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const scratch = () => {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-digest-"));
  folders.push(folder);
  return folder;
};

let server;
beforeAll(async () => {
  server = await startNatsServer();
});
afterAll(() => server?.dispose());

/** A log that its writer holds open, and its address for others. */
const ENGINES = {
  async sqlite() {
    const folder = scratch();
    return { address: folder, log: await openSqliteLog({ file: path.join(folder, "log.db"), partitions: 3 }) };
  },
  async nats() {
    const address = `nats://${server.address}/digest`;
    const link = await Link.open(natsAddress(address));
    await makeStreams(link, { partitions: 3, replicas: 1 });
    await link.close();
    return { address, log: await openNatsLog({ address: natsAddress(address), partitions: 3 }) };
  },
};

function start(address, out, ...more) {
  const program = path.join(ROOT, "examples/daily-digest/daily-digest.mjs");
  // The recordings are as old as they are.
  const args = [program, "--log", address, "--out", out, "--remember", "36500", ...more];
  const child = spawn(process.execPath, args, { stdio: "pipe" });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const ended = once(child, "close").then(([code]) => ({ code, said }));
  return { child, ended };
}

describe.each(Object.entries(ENGINES))("beside a server on %s", (_name, open) => {
  test("reads what is new since it ran last, and takes back what is erased", async () => {
    const { address, log } = await open();
    const out = scratch();
    const digest = () => readFileSync(path.join(out, `${DAY}.md`), "utf8");
    const run = () => start(address, out, "--once").ended;
    try {
      await log.append(startOver);
      expect(await run()).toEqual({ code: 0, said: "" });
      const first = digest();
      expect(first).toContain("2 begun, 1 ended");

      await log.append(looking);
      expect(await run()).toEqual({ code: 0, said: "" });
      expect(digest()).toContain("## lead-capture");
      expect(digest()).toContain(first.slice(`# ${DAY}\n\n`.length));

      await log.erase(looking[0].sid, { id: "e.1", timestamp: `${DAY}T23:00:00.000Z` });
      expect(await run()).toEqual({ code: 0, said: "" });
      expect(digest()).toBe(first);

      // Nothing is new: nothing is read or written again.
      const written = statSync(path.join(out, `${DAY}.md`)).mtimeMs;
      expect(await run()).toEqual({ code: 0, said: "" });
      expect(statSync(path.join(out, `${DAY}.md`)).mtimeMs).toBe(written);
    } finally {
      await log.close();
    }
  });
});

test("goes on until it is stopped", async () => {
  const { address, log } = await ENGINES.sqlite();
  const out = scratch();
  const { child, ended } = start(address, out, "--every", "0.1");
  try {
    const digest = () => readFileSync(path.join(out, `${DAY}.md`), "utf8");
    const half = startOver.findIndex(({ payload }) => payload?.message.kind === "ResetSession");
    await log.append(startOver.slice(0, half));
    await expect.poll(digest, { timeout: 60_000 }).toContain("1 begun, 0 ended");
    await log.append(startOver.slice(half));
    await expect.poll(digest, { timeout: 60_000 }).toContain("2 begun, 1 ended");
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 0, said: "" });
  } finally {
    child.kill("SIGKILL");
    await log.close();
  }
});

test("a log that is not there is one sentence", async () => {
  const { code, said } = await start(path.join(scratch(), "nothing"), scratch(), "--once").ended;
  expect(code).toBe(1);
  expect(said).toMatch(/^The log .*nothing cannot be read \(.*\)\. Name the data folder of a server .*\n$/);
});
