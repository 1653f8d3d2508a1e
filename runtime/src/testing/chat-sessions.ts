import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogRecord } from "@parley/shared/record";
import { pino } from "pino";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog } from "../log/memory.js";
import type { LogOptions } from "../log/queued-log.js";
import { createMetrics } from "../metrics.js";
import { Sessions } from "../proxy/sessions.js";
import { Registry } from "../registry/registry.js";
import { FakeClient } from "./fake-client.js";
import { CommitFaults } from "./faults.js";
import { says, turn } from "./records.js";

/** Sessions of the flow "chat" over a memory log, with no workflow: what the bot says, the test appends. */
export async function setUpSessions(
  cleanup: (() => unknown)[],
  options: LogOptions & { readonly change?: (log: { -readonly [K in keyof EventLog]: EventLog[K] }) => void } = {},
) {
  const faults = new CommitFaults();
  const { beforeCommit, afterCommit } = faults;
  const log = { ...createMemoryLog({ partitions: 1, ...options, beforeCommit, afterCommit }) };
  options.change?.(log);
  const clock = { now: 0 };
  const end = new AbortController();
  cleanup.push(() => end.abort());
  const logger = pino({ level: "silent" });
  const registry = new Registry(log, logger);
  await registry.start(end.signal);
  for (const flow of ["chat", "other"]) {
    const json = { a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } } };
    await registry.publish({ flow, json, settings: {}, by: "t", note: "" }, { id: flow, timestamp: "" });
  }
  const metrics = createMetrics();
  const sessions = new Sessions({ log, registry, metrics, logger, now: () => clock.now });
  await sessions.start(end.signal);

  return {
    log,
    faults,
    clock,
    metrics,
    registry,
    sessions,
    /** Begins a session whose bot has said "hello". */
    async begun(sid: string): Promise<void> {
      await sessions.begin("chat", sid, undefined);
      await log.append([says(sid, "s.1", 1, "hello"), turn(sid, "s.1", 2)]);
    },
    /** A socket that has joined the session, as the proxy does it for a known cookie or token. */
    async joined(
      sid: string,
      protocol: "bare" | "v1" = "v1",
      after?: { seq: number; id: string },
    ): Promise<FakeClient> {
      const fake = new FakeClient(protocol);
      const found = await sessions.find("chat", sid);
      await sessions.join(fake.client, found!.live, after, () => undefined);
      return fake;
    },
    /** The bot answers the input `of` with these texts, and every socket has been told. */
    async answers(sid: string, of: string, ...texts: string[]): Promise<void> {
      await log.append(answer(sid, of, ...texts));
      await nextTurn();
    },
  };
}

export const answer = (sid: string, of: string, ...texts: string[]): LogRecord[] => [
  ...texts.map((content, i) => says(sid, of, i + 1, content)),
  turn(sid, of, texts.length + 1),
];

/** What the proxy does when a socket closes. */
export function leave(sessions: Sessions, { client }: FakeClient): void {
  const { live } = client;
  if (live === undefined) return;
  live.clients.delete(client);
  sessions.release(live);
}
