import { join } from "node:path";
import type { Version, VersionList } from "@parley/shared/api/flows";
import { compile } from "@parley/shared/flow/compile";
import type { FlowJson } from "@parley/shared/flow/json";
import { expect, it, onTestFailed } from "vitest";
import { choose, V1Client } from "../testing/clients.js";
import { readLogFile } from "../testing/log-file.js";
import { changed, type ServerProcess, startServer } from "../testing/process.js";
import { Random, seedOfRun } from "../testing/random.js";
import { scratch, writeFlows } from "../testing/server.js";
import { type Identity, send, signInBy } from "../testing/studio.js";
import { contradictions, linesOfInputs, linesOfLog } from "../testing/verdict.js";

/** How often the server is killed. A long run: `ROUNDS=500`. */
const ROUNDS = Number(process.env.ROUNDS ?? 10);
const ROUND_LIMIT_MS = 10_000;
const QUESTIONS = 6;
/** So many lives of the server publish in peace, so that there is more than one version to be on. */
const PEACE = 3;
/** When it is killed: as soon as the act is sent, when it is done, or at a random change of the log's files meanwhile. */
const MOMENTS = ["a change", "at once", "a change", "acted"] as const;
/** Nothing here is about limits, and all of the load comes from one address. */
const args = ["--limits", "off", "--log-level", "warn"];

/** Asks some times; every text, id and name of a state says by which text of the flow it was written. */
function flow(text: number): FlowJson {
  const states: Record<string, unknown> = {};
  for (let n = 1; n <= QUESTIONS; n++) {
    const groupId = `text${text}-${n}`;
    const choices = [{ itemId: "yes", content: `Yes by ${text}.` }];
    states[`ask${groupId}`] = {
      sendRequest: { kind: "ChoiceRequest", groupId, question: `${n} by ${text}.`, choices },
    };
    const next = n < QUESTIONS ? `asktext${text}-${n + 1}` : `done${text}`;
    states[`yes${groupId}`] = { matchResponse: { kind: "ChoiceResponse", groupId, itemId: "yes" }, next };
  }
  states[`done${text}`] = { sendRequest: { kind: "BotText", content: `Done by ${text}.` } };
  return states as FlowJson;
}
const textOf = (words: string): number => Number(/by (\d+)\./.exec(words)?.[1]);

/** Somebody who answers one question a life of the server, and comes back after each. */
class Guest {
  client: V1Client | undefined;
  token: string | undefined;
  /** By the record that began the conversation, once it was looked at. */
  version: number | undefined;
  /** What was said to him and by him, as the last socket told it. */
  said: readonly string[] = [];

  /** Rejects when the server ends first. */
  async connect(chat: string): Promise<void> {
    const client = await V1Client.connect(chat, this.token === undefined ? {} : { token: this.token });
    this.client = client;
    this.token = client.welcome.token;
    await this.#told();
  }

  /** Waits until the bot has spoken, and it is what was said before and more. */
  async #told(): Promise<void> {
    const client = this.client!;
    const bot = () => client.messages.at(-1)?.message.kind !== "ChoiceResponse" && client.messages.length > 0;
    await client.until(() => client.messages.length >= this.said.length && bot(), "what the bot says");
    const said = client.messages.map(({ message }) => ("question" in message ? message.question : wordsOf(message)));
    expect(said.slice(0, this.said.length), "what was said stays").toEqual(this.said);
    this.said = said;
    expect(new Set(said.map(textOf)).size, `[P6] one text of the flow: ${said.join(" ")}`).toBe(1);
  }

  get sid(): string {
    return this.client!.welcome.sid;
  }

  get done(): boolean {
    return this.said.at(-1)?.startsWith("Done") ?? false;
  }

  /** Answers the open question, under the same id however often. Rejects when the server ends first. */
  async answer(): Promise<void> {
    const client = this.client!;
    const before = this.said.length;
    const { message } = client.messages.at(-1)!;
    if (message.kind !== "ChoiceRequest") return;
    expect(await client.send(choose(message.groupId, "yes"), { id: message.groupId })).toMatchObject({ kind: "Ack" });
    await client.until(() => client.messages.length > before + 1, "what follows");
    await this.#told();
  }
}
const wordsOf = (message: object): string => String((message as { content?: unknown }).content);

/** What is published, as the API says it: texts by version, and which version is live. */
async function published(server: ServerProcess, identity: Identity) {
  const get = async (path: string) =>
    (await send(server.url, "GET", `/api/flows/shop${path}`, { headers: identity })).json;
  const { versions } = (await get("/versions")) as VersionList;
  const texts = new Map<number, number>();
  for (const { version } of versions) {
    if (version === undefined) continue;
    const { flow } = (await get(`/versions/${version}`)) as Version;
    texts.set(version, textOf(JSON.stringify(flow)));
  }
  return { texts, live: versions.find(({ live }) => live)?.version ?? 0 };
}

const name = `[P6] a conversation stays on its version over ${ROUNDS} kills while versions are published, gone back to and taken down`;
it(name, { timeout: 60_000 + ROUNDS * ROUND_LIMIT_MS }, async () => {
  const seed = seedOfRun();
  onTestFailed(() => console.error(`PARLEY_SEED=${seed} repeats this run.`));
  const random = new Random(seed);
  const folder = scratch();
  const [file] = writeFlows(folder.path, { shop: flow(1) });
  const dataDir = join(folder.path, "data");
  const guests: Guest[] = [];
  /** Of each version that was ever seen: its text. */
  const known = new Map<number, number>();
  /** Versions under way at once, at most; kills while an act was on its way, and answers. */
  const came = { versions: 0, acts: 0, answers: 0 };
  let text = 1;
  /** The version that is live, 0 for none, where the last act was answered. */
  let told: number | undefined;
  let server: ServerProcess | undefined;
  try {
    for (let round = 1; round <= ROUNDS + 1; round++) {
      server = await startServer({ dataDir, args, flow: file! });
      const { url, pid } = server;
      const chat = `${server.wsUrl}chat/shop`;
      const identity = await signInBy(server, /#(\S+)/.exec(server.output())![1]!);
      const { texts, live } = await published(server, identity);
      if (told !== undefined) expect(live, "what was answered has happened").toBe(told);
      for (const [version, text] of known) expect(texts.get(version), "a version stays, with its text").toBe(text);
      for (const [version, text] of texts) known.set(version, text);
      const open = guests.filter((guest) => guest.token !== undefined && !guest.done);
      await Promise.all(open.map((guest) => guest.connect(chat)));
      for (const guest of open) expect(textOf(guest.said[0]!), "[P6] its own text").toBe(texts.get(guest.version!));
      came.versions = Math.max(came.versions, new Set(open.map((guest) => guest.version)).size);
      if (round > ROUNDS) break;

      const act = round <= PEACE ? "publish" : random.pick(["publish", "publish", "back", "take down"] as const);
      const over = live;
      const body = {
        publish: { from: { kind: "file", text: JSON.stringify(flow(++text)) }, over, note: "" },
        back: { from: { kind: "version", version: random.pick([...texts.keys()]) }, over, note: "" },
        "take down": { over },
      }[act];
      const path = `/api/flows/shop/${act === "take down" ? "unpublish" : "versions"}`;
      let acted = false;
      told = undefined;
      const acting = send(url, "POST", path, { headers: identity, body }).then(({ status, json }) => {
        acted = true;
        if (status === 409) return; // Nothing to take down.
        told = act === "take down" ? 0 : (json as { version: number }).version;
        if (act === "publish") known.set(told, text);
      });
      const fresh = Array.from({ length: 4 }, () => new Guest());
      guests.push(...fresh);
      let answering = 0;
      const talk = [
        ...open.map(async (guest, i) => {
          if (i > 0 && random.chance(0.6)) return;
          answering += 1;
          await guest.answer();
          answering -= 1;
        }),
        ...fresh.map(async (guest, i) => {
          if (i % 2 === 0) await acting;
          await guest.connect(chat);
        }),
      ];
      const settled = Promise.allSettled([acting, ...talk]);
      const moment = round <= PEACE ? "settled" : MOMENTS[round % MOMENTS.length];
      if (moment === "settled") await settled;
      if (moment === "acted") await acting;
      if (moment === "a change") {
        const change = changed(dataDir, (name) => name.startsWith("log.db"), random.int(1, 12));
        await Promise.race([change, settled]);
      }
      if (!acted) came.acts += 1;
      if (answering > 0) came.answers += 1;
      process.kill(pid, "SIGKILL");
      expect(await server.ended).toEqual({ code: null, signal: "SIGKILL" });
      const wrong = (await settled).flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
      for (const error of wrong) if (error.name === "AssertionError") throw error;
      const log = readLogFile(dataDir);
      for (const guest of guests.filter(({ token }) => token !== undefined)) {
        const { version } = log.get(guest.sid)![0] as { version?: number };
        guest.version ??= version;
        expect(version, "[P6] the version of a conversation stays").toBe(guest.version);
      }
    }
    // The last life of the server: everybody comes to an end, whatever is live.
    for (const guest of guests.filter(({ token, done }) => token !== undefined && !done)) {
      while (!guest.done) await guest.answer();
    }
    await server!.stop("SIGKILL");
    const log = readLogFile(dataDir);
    for (const guest of guests) {
      if (guest.token === undefined) continue;
      const records = log.get(guest.sid)!;
      expect(records[0]).toMatchObject({ flow: "shop", version: guest.version });
      const lines = linesOfLog(records);
      expect(lines.length).toBe(2 * QUESTIONS + 1);
      expect(linesOfInputs(records, compile(flow(known.get(guest.version!)!))), "by its version's rules").toEqual(
        lines,
      );
      expect(contradictions(records)).toEqual([]);
    }
    expect(came.versions, "three versions were under way at once").toBeGreaterThanOrEqual(3);
    expect(came.acts, "a kill came while something was published or taken down").toBeGreaterThan(0);
    expect(came.answers, "a kill came while somebody waited for an answer").toBeGreaterThan(0);
    console.log(
      `${ROUNDS} kills, seed ${seed}: ${known.size} versions, ${came.versions} at once, ${guests.length} conversations, ` +
        `${came.acts} kills in an act, ${came.answers} in an answer`,
    );
  } finally {
    await server?.stop("SIGKILL");
    folder.dispose();
  }
});
