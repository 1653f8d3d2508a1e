import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { DeedDone, Erasure } from "@parley/shared/api/conversations";
import type { Draft } from "@parley/shared/api/flows";
import type { FlowJson } from "@parley/shared/flow/json";
import type { NamedPoint } from "../../fault-points.js";
import { V1Client } from "../clients.js";
import type { ServerProcess } from "../process.js";
import { type Answered, type Identity, send, signInBy } from "../studio.js";
import type { Visitor } from "../visitor.js";

const FLOW = "bot-assistant";
const BETWEEN = 60;
const AGAIN = 150;
/** What people do, over and over. */
const ACTS = ["take", "say", "back", "save", "take", "say", "publish", "back", "erase"] as const;
type Act = (typeof ACTS)[number];
/** What has to be done for a process to come to a point. A webhook is told of what is done anyway, in its turn. */
const LEADS_TO: Partial<Record<NamedPoint, Act>> = {
  ...{ "act stored": "take", published: "publish", "draft saved": "save", "erased in the log": "erase" },
};

/** What one of a ledger's conversations knows of people: who has it, and what was said in it and answered. */
type Held = { readonly sid: string; readonly act: string };

/**
 * The receiver of the webhooks: it outlives the servers.
 * @returns where it listens, as `host:port`, and its end
 */
export async function webhookReceiver(): Promise<{ address: string; events: Set<string>; server: Server }> {
  const events = new Set<string>();
  const server = createServer((request, response) => {
    events.add(String(request.headers["webhook-id"]));
    request.resume().on("end", () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, events, server };
}

/**
 * An owner who, while visitors talk, takes conversations over, speaks in them and gives them back, saves drafts, publishes
 * versions and goes back to older ones, and erases conversations; with a ledger of all that was answered to him. What was
 * not answered is asked again under the same id.
 */
export class People {
  /** By version: the text that its publishing was answered for. */
  readonly published = new Map<number, string>();
  readonly said = new Map<string, string[]>();
  readonly erased: string[] = [];
  readonly counts: Record<string, number> = {};
  /** What was answered and is not so. */
  readonly wrong: string[] = [];
  /** Done next. */
  #wanted: Act | undefined;
  #identity: { readonly pid: number; readonly headers: Identity } | undefined;
  #held: Held[] = [];
  #n = 0;
  #draft: { etag: string | undefined } = { etag: undefined };
  #end = false;

  constructor(
    private readonly options: {
      readonly studio: () => ServerProcess;
      /** Where a visitor chats past the network. */
      readonly chat: () => string;
      readonly visitors: readonly Visitor[];
      readonly flow: FlowJson;
      readonly webhooks: string;
    },
  ) {}

  /** Works until `end` was called. */
  async work(): Promise<void> {
    for (let n = 0; !this.#end; n++) {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      const act = wanted ?? ACTS[n % ACTS.length]!;
      try {
        await this.#do(act);
        this.counts[act] = (this.counts[act] ?? 0) + 1;
        await delay(BETWEEN);
      } catch {
        await delay(AGAIN); // The server is away.
      }
    }
  }

  /** Lets a process come to a point. */
  leadTo(point: NamedPoint): void {
    this.#wanted = LEADS_TO[point];
  }

  /** Gives back what is still held. */
  async end(working: Promise<void>): Promise<void> {
    this.#end = true;
    await working;
    while (this.#held.length > 0) {
      try {
        await this.#back();
      } catch {
        await delay(AGAIN);
      }
    }
  }

  /** The flow of each version, asked of the server. */
  async versions(): Promise<Map<number, FlowJson>> {
    const { versions } = (await this.#ask("GET", "/versions")).json as { versions: { version?: number }[] };
    const flows = new Map<number, FlowJson>();
    for (const { version } of versions) {
      if (version === undefined) continue;
      flows.set(version, ((await this.#ask("GET", `/versions/${version}`)).json as { flow: FlowJson }).flow);
    }
    return flows;
  }

  #do(act: Act): Promise<void> {
    const acts = {
      ...{ take: () => this.#take(), say: () => this.#say(), back: () => this.#back(), save: () => this.#save() },
      ...{ publish: () => this.#publish(), erase: () => this.#erase() },
    };
    return acts[act]();
  }

  async #take(): Promise<void> {
    const { visitors } = this.options;
    const manned = visitors.filter(({ options, sids }) => options.manned && sids.size > 0);
    if (manned.length === 0) return;
    const [sid] = manned[this.#n++ % manned.length]!.sids;
    const last = this.#held.find((one) => one.sid === sid);
    const after = last === undefined ? {} : { after: last.act };
    const done = await this.#deed(sid!, { kind: "Takeover", name: "Ada", ...after });
    this.#held = this.#held.filter((one) => one.sid !== sid);
    // Somebody who has it may have been himself, in a life that was not told of it.
    if (done.act !== undefined && done.holder?.by !== undefined) this.#held.push({ sid: sid!, act: done.act });
  }

  async #say(): Promise<void> {
    const held = this.#held[this.#n % Math.max(1, this.#held.length)];
    if (!held) return;
    const text = `words ${this.#n++}`;
    const { outcome } = await this.#deed(held.sid, { kind: "Say", act: held.act, text });
    if (outcome === "done") this.said.set(held.sid, [...(this.said.get(held.sid) ?? []), text]);
  }

  async #back(): Promise<void> {
    const held = this.#held[0];
    if (!held) return;
    const { act, holder } = await this.#deed(held.sid, { kind: "GiveBack", after: held.act });
    this.#held.shift();
    if (act !== undefined && holder?.by !== undefined) this.#held.push({ sid: held.sid, act });
  }

  /** What was answered stands, whatever ends afterwards. */
  async #save(): Promise<void> {
    const now = (await this.#ask("GET", "/draft")).json as Draft;
    const read = await this.#ask("GET", "/draft/states");
    const [state] = (read.json as { states: { etag: string }[] }).states;
    const { etag } = this.#draft;
    if (etag !== undefined && state!.etag !== etag) this.wrong.push(`the draft was ${etag} and is ${state!.etag}`);
    this.#draft = { etag: undefined };
    const flow = this.#text(`draft ${this.#n++}`);
    const body = { flow, layout: now.layout, settings: now.settings };
    const saved = await this.#ask("PUT", "/draft", body, { "if-match": state!.etag });
    this.#draft = { etag: (saved.json as { etag: string }).etag };
  }

  async #publish(): Promise<void> {
    const { versions } = (await this.#ask("GET", "/versions")).json as {
      versions: { version?: number; live?: boolean }[];
    };
    const over = versions.find(({ live }) => live)?.version ?? 0;
    const back = this.#n % 3 === 0;
    const flow = this.#text(`version ${this.#n++}`);
    const from = back ? { kind: "version", version: 1 } : { kind: "file", text: JSON.stringify(flow) };
    const answer = await this.#ask("POST", "/versions", { from, over, note: "" }, {}, [409]);
    if (answer.status === 201 && !back) {
      this.published.set((answer.json as { version: number }).version, JSON.stringify(flow));
    }
  }

  /** A conversation of its own, which nobody is to miss. */
  async #erase(): Promise<void> {
    const client = await V1Client.connect(this.options.chat());
    const { sid } = client.welcome;
    client.ws.terminate();
    for (let tries = 0; tries < 20 && !this.#end; tries++) {
      try {
        const { json } = await this.#ask("DELETE", `/conversations/${sid}`);
        if ((json as Erasure).done) return void this.erased.push(sid);
      } catch {
        await delay(AGAIN);
      }
    }
  }

  /** The flow with other words, by which a version is known. */
  #text(words: string): FlowJson {
    const text = JSON.stringify(this.options.flow).replaceAll('"question":"', `"question":"By ${words}: `);
    return JSON.parse(text.replaceAll("Hi, I'm Bot!", `Hi, by ${words}.`)) as FlowJson;
  }

  /** Under one id until it is known what became of it. */
  async #deed(sid: string, deed: object): Promise<DeedDone> {
    const id = `d${this.#n++}`;
    for (let tries = 0; ; tries++) {
      try {
        const done = (await this.#ask("POST", `/conversations/${sid}/deeds`, { id, ...deed })).json as DeedDone;
        if (done.outcome !== "pending") return done;
      } catch (error) {
        if (tries === 40) throw error;
        await delay(AGAIN);
      }
    }
  }

  async #ask(method: string, path: string, body?: unknown, headers = {}, also: number[] = []): Promise<Answered> {
    const server = this.options.studio();
    const identity = await this.#signedIn(server);
    const asked = { headers: { ...identity, ...headers }, ...(body !== undefined && { body }) };
    const answer = await send(server.studioUrl, method, `/api/flows/${FLOW}${path}`, asked);
    if (answer.status >= 300 && !also.includes(answer.status)) {
      if (answer.status < 500 && answer.status !== 401 && answer.status !== 404) {
        this.wrong.push(`${method} ${path}: ${answer.status} ${answer.text}`);
      }
      throw new Error(`${answer.status} ${answer.text}`);
    }
    return answer;
  }

  /** A link is good once, for one life of the server; in the first one the webhook is made. */
  async #signedIn(server: ServerProcess): Promise<Identity> {
    if (this.#identity?.pid === server.pid) return this.#identity.headers;
    const url = server.studioUrl;
    const secret = /#(\S+)/.exec(server.output())?.[1];
    if (secret === undefined) throw new Error("the server is not there yet");
    const headers = await signInBy({ url }, secret);
    const { json } = await send(url, "GET", "/api/webhooks", { headers });
    if ((json as { webhooks: unknown[] }).webhooks.length === 0) {
      await send(url, "POST", "/api/webhooks", { headers, body: { url: `http://${this.options.webhooks}/` } });
    }
    this.#identity = { pid: server.pid, headers };
    return headers;
  }
}
