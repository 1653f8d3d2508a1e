import { BARE_COOKIE, type BareServerFrame } from "@parley/shared/protocol/bare";
import { WebSocket } from "ws";
import type { Load } from "./load.js";

/** What one socket of the bare protocol was sent, from its opening on. */
export type Pane = { readonly shown: BareServerFrame[]; closed: boolean };

/**
 * A person with one session of the bare protocol: one tab that answers and one that only looks on. Every connection
 * begins an empty pane, as clients of this protocol do.
 */
export class BareVisitor {
  cookie: string | undefined;
  /** Cookies that the server gave: more than one is a session lost. */
  readonly cookies: string[] = [];
  /** Texts that were sent, each another. */
  readonly texts: string[] = [];
  /** Panes of the tab that answers; what it says itself is not in them. */
  readonly speaking: Pane[] = [];
  /** Panes of the tab that looks on. */
  readonly watching: Pane[] = [];
  #sockets: { ws: WebSocket; closed: Promise<void> }[] = [];
  readonly #waits = new Set<() => void>();

  constructor(
    private readonly load: Load,
    private readonly name: string,
  ) {}

  /** Connects both tabs, the speaking one first. Resolves when they are open or closed. */
  async connect(url: string): Promise<void> {
    const one = this.#open(url, this.speaking, (ws, pane) => this.#answer(ws, pane));
    this.#sockets = [one];
    await one.opened;
    if (this.cookie === undefined) return;
    const two = this.#open(url, this.watching, () => undefined);
    this.#sockets = [one, two];
    await two.opened;
  }

  /** Resolves when the speaking tab has closed, and then leaves the other. */
  async whenClosed(): Promise<void> {
    await this.#sockets[0]?.closed;
    for (const { ws } of this.#sockets) ws.terminate();
    await Promise.all(this.#sockets.map(({ closed }) => closed));
  }

  /** Resolves when the last message in both tabs is this bot text. */
  until(content: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        const last = [this.speaking, this.watching].map((panes) => panes.at(-1)?.shown.at(-1));
        if (!last.every((message) => message?.kind === "BotText" && message.content === content)) return;
        this.#waits.delete(look);
        resolve();
      };
      this.#waits.add(look);
      look();
    });
  }

  #open(url: string, panes: Pane[], heard: (ws: WebSocket, pane: Pane) => void) {
    const pane: Pane = { shown: [], closed: false };
    const ws = new WebSocket(
      url,
      this.cookie === undefined ? {} : { headers: { Cookie: `${BARE_COOKIE}=${this.cookie}` } },
    );
    ws.on("upgrade", (response) => {
      const given = new RegExp(`${BARE_COOKIE}=([0-9a-f]{40})`).exec(response.headers["set-cookie"]?.[0] ?? "")?.[1];
      if (given === undefined) return;
      this.cookies.push(given);
      this.cookie = given;
    });
    ws.on("message", (data) => {
      pane.shown.push(JSON.parse(data.toString()) as BareServerFrame);
      this.load.count("frames");
      for (const look of this.#waits) look();
      const so = pane.shown.length;
      // The last message of what comes together is the one to answer.
      setImmediate(() => {
        if (pane.shown.length === so) heard(ws, pane);
      });
    });
    ws.on("error", () => undefined); // The close that follows says all.
    panes.push(pane);
    const closed = new Promise<void>((resolve) => {
      ws.on("close", () => {
        pane.closed = true;
        resolve();
      });
    });
    return { ws, closed, opened: Promise.race([closed, new Promise<void>((resolve) => ws.once("open", resolve))]) };
  }

  #answer(ws: WebSocket, pane: Pane): void {
    const asked = pane.shown.at(-1);
    if (ws.readyState !== WebSocket.OPEN) return;
    if (asked?.kind === "ChoiceRequest") {
      const last = asked.groupId === "others" ? (this.load.stopping ? "no" : "yes") : undefined;
      const itemId = last ?? this.load.random.pick(asked.choices).itemId;
      ws.send(JSON.stringify({ kind: "ChoiceResponse", groupId: asked.groupId, itemId }));
      this.load.count("sent");
    } else if (asked?.kind === "StartChatSession") {
      const content = `text ${this.texts.length} of ${this.name}`;
      this.texts.push(content);
      ws.send(JSON.stringify({ kind: "UserText", sessionId: asked.sessionId, content }));
      this.load.count("sent");
    }
  }
}
