import { setTimeout as delay } from "node:timers/promises";
import type { ClientFrame, MessageFrame, ServerFrame } from "@parley/shared/protocol/v1";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import type { LogRecord } from "@parley/shared/record";
import { WebSocket } from "ws";
import { linesOfFrames, linesOfLog, outcomes } from "../verdict.js";

/** What lasts longer hangs, in ms. */
const HANG = 60_000;
/** The two answers of bot-assistant that lead from one question to the other and back, for ever. */
const ANSWERS = [
  { kind: "ChoiceResponse", groupId: "lang", itemId: "go" },
  { kind: "ChoiceResponse", groupId: "others", itemId: "yes" },
] as const;

/** What was said and not answered yet. `due`: when it was to be said, by the process's clock. */
type Saying = { readonly frame: Extract<ClientFrame, { id: string }>; readonly due: number; acked: boolean };

/** A tab: its socket, and all messages over all of its sockets. */
type Tab = { ws: WebSocket | undefined; url: string; readonly received: MessageFrame[]; greeted: boolean };

export type TalkerOptions = {
  readonly name: string;
  /** Of an acknowledgement or an answer: ms since its message was due. */
  readonly took: (what: "ack" | "answer", ms: number) => void;
  /** Told of each opened (+1) and closed (-1) socket, by the address it leads to. */
  readonly sockets: (url: string, by: 1 | -1) => void;
  /** The server was asked too much of. */
  readonly busy: () => void;
  /** Of the sockets, for a load from many addresses. */
  readonly localAddress?: string;
};

/** A person who says one thing after the other, each when it is due and the one before is answered, and keeps a ledger. */
export class Talker {
  readonly tabs: Tab[] = [];
  readonly ids: string[] = [];
  sid = "";
  #token: string | undefined;
  #saying: Saying | undefined;
  #failed: Error | undefined;
  #losing = false;
  readonly #waits = new Set<() => void>();

  constructor(private readonly options: TalkerOptions) {}

  /** Has said something that is not acknowledged. */
  get waits(): boolean {
    return this.#saying?.acked === false;
  }

  /** Opens one more tab. Resolves when it is welcome and, in a new conversation, asked. */
  async open(url: string): Promise<void> {
    const tab: Tab = { ws: undefined, url, received: [], greeted: false };
    this.tabs.push(tab);
    await this.#connect(tab, url);
  }

  /**
   * Says the next thing; resolves when its answer is there.
   * @param away where the speaking tab, cut off in the middle of it, comes back
   */
  async say(due: number, away?: string): Promise<void> {
    const id = `${this.options.name}-${this.ids.length}`;
    const message = ANSWERS[this.ids.length % 2]!;
    this.#saying = { frame: { kind: "Send", id, message }, due, acked: false };
    this.ids.push(id);
    const [tab] = this.tabs;
    this.#write(tab!);
    if (away !== undefined) await this.reconnect(away);
    await this.#until(() => this.#saying === undefined, `an answer to ${id}`);
  }

  /** The speaking tab loses its connection and comes back. */
  async reconnect(url: string): Promise<void> {
    const [tab] = this.tabs;
    this.#leave(tab!);
    await this.#connect(tab!, url);
  }

  /** Waits until every tab, and one that comes new, has seen all. @returns what the new one was sent */
  async end(url: string): Promise<readonly MessageFrame[]> {
    await this.open(url);
    const seen = () => this.tabs.map((tab) => tab.received.at(-1)?.seq ?? 0);
    await this.#until(() => seen().every((seq) => seq === Math.max(...seen())), "the same in every tab");
    const fresh = this.tabs.pop()!;
    this.#leave(fresh);
    return fresh.received;
  }

  close(): void {
    for (const tab of this.tabs) this.#leave(tab);
  }

  /** From now on a lost connection is no failure: somebody will call `comeBack`. */
  mayLose(): void {
    this.#losing = true;
  }

  /** Connects the speaking tab again, as often as it takes. @returns how often that was */
  async comeBack(url: string, pause: () => Promise<unknown>): Promise<number> {
    for (let tries = 1; ; tries++) {
      try {
        await this.reconnect(url);
        return tries;
      } catch (error) {
        if (!this.#losing || tries > 200) throw error;
        await pause();
      }
    }
  }

  async #connect(tab: Tab, url: string): Promise<void> {
    const { sockets, localAddress } = this.options;
    const ws = new WebSocket(url, SUBPROTOCOL, { ...(localAddress !== undefined && { localAddress }) });
    Object.assign(tab, { ws, url, greeted: false });
    sockets(url, 1);
    ws.on("open", () => {
      const last = tab.received.at(-1);
      const token = this.#token;
      const after = last && { seq: last.seq, id: last.id };
      ws.send(JSON.stringify({ kind: "Hello", ...(token !== undefined && { token }), ...(after && { after }) }));
    });
    ws.on("message", (data) => {
      if (tab.ws === ws) this.#frame(tab, JSON.parse(data.toString()) as ServerFrame);
    });
    let lost: Error | undefined;
    const end = (error: Error) => {
      if (tab.ws !== ws) return;
      lost ??= error;
      tab.greeted = false;
      if (!this.#losing) this.#failed ??= error;
      this.#wake();
    };
    ws.on("error", end);
    ws.on("close", (code, reason) => {
      sockets(url, -1);
      end(new Error(`closed with ${code} ${reason}`));
    });
    const first = this.#token === undefined;
    await this.#until(() => lost !== undefined || (tab.greeted && (!first || tab.received.length > 1)), "a welcome");
    if (lost !== undefined) throw lost;
  }

  #leave(tab: Tab): void {
    const { ws } = tab;
    tab.ws = undefined;
    tab.greeted = false;
    ws?.terminate();
  }

  #frame(tab: Tab, frame: ServerFrame): void {
    const saying = this.#saying;
    if (frame.kind === "Welcome") {
      this.#token = frame.token;
      if (this.sid !== "" && this.sid !== frame.sid) this.#fail(new Error(`${this.sid} was lost: ${frame.sid}`));
      this.sid = frame.sid;
      tab.greeted = true;
      if (tab === this.tabs[0]) this.#write(tab);
    } else if (frame.kind === "Message") {
      tab.received.push(frame);
    } else if (frame.kind === "Ack") {
      if (saying?.frame.id === frame.id && !saying.acked) {
        saying.acked = true;
        this.options.took("ack", performance.now() - saying.due);
      }
    } else if (frame.kind === "Turn") {
      if (tab === this.tabs[0] && saying?.frame.id === frame.of) {
        this.options.took("answer", performance.now() - saying.due);
        this.#saying = undefined;
      }
    } else if (frame.kind === "Nack" && frame.code === "busy") {
      this.options.busy();
      void delay(frame.retryAfter ?? 100).then(() => this.#write(tab));
    } else this.#fail(new Error(`an unexpected frame: ${JSON.stringify(frame)}`));
    this.#wake();
  }

  /** Sends what is not acknowledged yet. */
  #write(tab: Tab): void {
    if (this.#saying?.acked === false && tab.greeted) tab.ws?.send(JSON.stringify(this.#saying.frame));
  }

  #fail(error: Error): void {
    this.#failed ??= error;
    this.#wake();
  }

  #wake(): void {
    for (const look of this.#waits) look();
  }

  #until(test: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => end(new Error(`not there after ${HANG / 1000} s`)), HANG);
      const end = (error?: Error) => {
        clearTimeout(late);
        this.#waits.delete(look);
        if (error) reject(new Error(`${this.options.name} waited for ${what}: ${error.message}`, { cause: error }));
        else resolve();
      };
      const look = () => {
        if (this.#failed) end(this.#failed);
        else if (test()) end();
      };
      this.#waits.add(look);
      look();
    });
  }
}

/** What is wrong with a conversation that has ended, by the records that another process reads: nothing, or sentences. */
export function wrongs(talker: Talker, fresh: readonly MessageFrame[], records: readonly LogRecord[]): string[] {
  const lines = JSON.stringify(linesOfLog(records));
  const found = outcomes(records);
  const lost = talker.ids.filter((id) => !found.has(id));
  const doubled = [...found].filter(([, n]) => n > 1).map(([id]) => id);
  const foreign = [...found.keys()].filter((id) => !talker.ids.includes(id));
  const views = [fresh, ...talker.tabs.map(({ received }) => received)];
  const differing = views.filter((frames) => JSON.stringify(linesOfFrames(frames)) !== lines).length;
  return [
    ...(lost.length > 0 ? [`lost: ${lost}`] : []),
    ...(doubled.length > 0 ? [`doubled: ${doubled}`] : []),
    ...(foreign.length > 0 ? [`said by nobody: ${foreign}`] : []),
    ...(differing > 0 ? [`${differing} of ${views.length} readers of ${talker.sid} saw another list`] : []),
  ];
}
