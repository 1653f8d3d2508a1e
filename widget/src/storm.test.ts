// @vitest-environment happy-dom
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Connection, type Socket } from "./connection.js";
import { Store } from "./storage.js";
import { EMPTY, reduce, type Transcript } from "./transcript.js";

const ROOT = join(import.meta.dirname, "../..");
const WIDGETS = 1_000;
/** The first wait after a loss, in ms, from and to. */
const FIRST_WAIT = [250, 500] as const;

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** A port that was free a moment ago: the server comes back on it. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

async function start(port: number, dataDir: string): Promise<ChildProcess> {
  const flags = ["--port", String(port), "--data-dir", dataDir, "--limits", "off", "--log-level", "silent"];
  const args = [
    "--disallow-code-generation-from-strings",
    "runtime/bin/parley.js",
    "serve",
    "flows/bot-assistant.json",
  ];
  const child = spawn(process.execPath, [...args, ...flags], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr?.on("data", (data) => {
    complaint += data;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (data) => String(data).includes("ready") && resolve());
    child.once("close", (code) => reject(new Error(`the server ended with ${code}: ${complaint}`)));
  });
  cleanup.push(() => child.kill("SIGKILL"));
  return child;
}

/** A widget without a page: its connection and what it shows. */
class Visitor {
  transcript: Transcript = EMPTY;
  readonly store = new Store(undefined, "k");
  readonly sids = new Set<string>();
  readonly waits: number[] = [];
  gaps = 0;
  readonly connection: Connection;

  constructor(
    n: number,
    url: string,
    private readonly changed: () => void,
  ) {
    let state = n * 2654435761 + 1;
    let ids = 0;
    this.connection = new Connection(
      url,
      this.store,
      {
        connect: (to, protocol) => new WebSocket(to, protocol) as unknown as Socket,
        setTimeout: (run, ms) => {
          this.waits.push(ms);
          return setTimeout(run, ms) as unknown as number;
        },
        clearTimeout: (timer) => clearTimeout(timer),
        random: () => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          return state / 2 ** 32;
        },
        newId: () => `v${n}-${ids++}`,
      },
      {
        status: () => this.changed(),
        frame: (frame) => {
          if (frame.kind === "Welcome") this.sids.add(frame.sid);
          this.transcript = reduce(this.transcript, frame);
          if (this.transcript.gap) this.gaps++;
          this.changed();
        },
        after: () => this.transcript.last,
        forgotten: () => this.sids.add("forgotten"),
        error: () => undefined,
      },
    );
  }

  answer(groupId: string, itemId: string): void {
    const send = this.connection.send({ kind: "ChoiceResponse", groupId, itemId }, this.transcript.last?.seq);
    this.transcript = reduce(this.transcript, { kind: "sent", send });
  }

  get said(): string[] {
    return this.transcript.items.flatMap((item) => {
      if (item.kind === "note") return [];
      return item.kind === "visitor" ? `> ${item.text}` : item.content;
    });
  }
}

describe("[P9] 1,000 widgets and a server that is killed", () => {
  it("come back spread out, and all resume: nothing is lost, and nothing is said twice", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "parley-storm-"));
    cleanup.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const port = await freePort();
    let server = await start(port, dataDir);
    const waiting = new Set<() => void>();
    const changed = () => {
      for (const look of waiting) look();
    };
    const visitors = Array.from(
      { length: WIDGETS },
      (_, n) => new Visitor(n, `ws://127.0.0.1:${port}/chat/bot-assistant`, changed),
    );
    cleanup.push(() => {
      for (const { connection } of visitors) connection.close();
    });
    const all = (test: (visitor: Visitor) => boolean) =>
      new Promise<void>((resolve) => {
        let done = 0;
        const look = () => {
          // Who is through stays through: each is looked at until then.
          while (done < WIDGETS && test(visitors[done]!)) done++;
          if (done < WIDGETS) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });

    for (const { connection } of visitors) connection.open();
    await all(({ transcript }) => transcript.items.some((item) => item.kind === "question"));
    for (const visitor of visitors) visitor.waits.length = 0;
    const gone = new Promise((resolve) => server.once("close", resolve));
    // Half of them have an answer under way when it dies.
    for (const visitor of visitors.slice(0, WIDGETS / 2)) visitor.answer("lang", "go");
    server.kill("SIGKILL");
    await gone;
    await Promise.all(visitors.map(({ waits }) => expect.poll(() => waits.length).toBeGreaterThan(0)));
    for (const visitor of visitors.slice(WIDGETS / 2)) visitor.answer("lang", "go");
    server = await start(port, dataDir);
    await all(({ transcript }) =>
      transcript.items.some((item) => item.kind === "question" && item.groupId === "others"),
    );

    for (const { sids, gaps, said, store } of visitors) {
      expect([sids.size, gaps, store.outbox.length]).toEqual([1, 0, 0]);
      expect(said.filter((text) => text === "> Go")).toHaveLength(1);
      expect(new Set(said).size).toBe(said.length);
    }
    // The first wait of each, in ten parts of its span: no part has more than a fifth of them.
    const [from, to] = FIRST_WAIT;
    const parts = new Array<number>(10).fill(0);
    for (const { waits } of visitors) {
      const wait = waits.find((ms) => ms >= from && ms <= to);
      expect(wait).toBeDefined();
      parts[Math.min(9, Math.floor(((wait! - from) / (to - from)) * 10))]!++;
    }
    expect(Math.max(...parts)).toBeLessThan(WIDGETS / 5);
  });
});
