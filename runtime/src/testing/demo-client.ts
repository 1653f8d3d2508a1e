import type { BareServerFrame } from "@parley/shared/protocol/bare";
import { WebSocket } from "ws";

/** The cookies of one browser, for all its tabs. */
export type CookieJar = Map<string, string>;

type Choice = { itemId: string; content: string };
/** One thing in the pane. */
type Drawn =
  | { readonly what: "bot" | "user" | "picked"; readonly text: string }
  | { readonly what: "buttons"; readonly groupId: string; readonly choices: readonly Choice[] };

/** Another page's server, on this machine: where the original demo had its page. */
const PAGE = "http://localhost:9999";
const RECONNECT_MS = 20;

/**
 * A client as one was written for the original demo: a page of another port that keeps the cookie as a browser does,
 * clears its pane on every connect, connects again whenever it is cut off, draws its own answers itself, and knows the
 * bare messages and nothing else. A message it cannot draw is an error, as it would be in its page.
 */
export class DemoClient {
  readonly errors: unknown[] = [];
  connects = 0;
  #pane: Drawn[] = [];
  #sessionId: string | undefined;
  #ws: WebSocket | undefined;
  readonly #waits = new Set<() => void>();

  constructor(
    private readonly url: string,
    readonly cookies: CookieJar = new Map(),
  ) {
    this.#connect();
  }

  /** The pane as lines: `bot …`, `user …`, `picked …`, `buttons Rust|Go`. */
  get pane(): string[] {
    return this.#pane.map((drawn) =>
      drawn.what === "buttons"
        ? `buttons ${drawn.choices.map((choice) => choice.content).join("|")}`
        : `${drawn.what} ${drawn.text}`,
    );
  }

  /** Whether a text can be typed. */
  get editor(): boolean {
    return this.#sessionId !== undefined;
  }

  /** Resolves when `test` holds; it is asked whenever something was drawn. */
  until(test: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!test()) return;
        this.#waits.delete(look);
        resolve();
      };
      this.#waits.add(look);
      look();
    });
  }

  pick(groupId: string, itemId: string): void {
    const asked = this.#pane.findLast((drawn) => drawn.what === "buttons" && drawn.groupId === groupId);
    const choice = asked?.what === "buttons" ? asked.choices.find((one) => one.itemId === itemId) : undefined;
    if (!choice) throw new Error(`there is no button ${itemId} of ${groupId}`);
    this.#picked(groupId, choice.content);
    this.#send({ kind: "ChoiceResponse", groupId, itemId, content: choice.content });
  }

  write(content: string): void {
    this.#send({ kind: "UserText", sessionId: this.#sessionId, content });
    this.#draw({ what: "user", text: content });
  }

  /** Asks the server to start over, forgets the cookie and connects as somebody new. */
  restart(): void {
    this.#send({ kind: "ResetSession" });
    this.cookies.clear();
    this.close();
    this.#clear();
    this.#connect();
  }

  /** Leaves, and does not come back. */
  close(): void {
    const ws = this.#ws;
    this.#ws = undefined;
    ws?.close();
  }

  #connect(): void {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const ws = new WebSocket(this.url, { origin: PAGE, ...(cookie !== "" && { headers: { Cookie: cookie } }) });
    this.#ws = ws;
    ws.on("upgrade", (response) => {
      for (const set of response.headers["set-cookie"] ?? []) {
        const [name = "", value = ""] = set.split(";")[0]!.split("=");
        this.cookies.set(name, value);
      }
    });
    ws.on("open", () => {
      this.connects += 1;
      this.#clear();
    });
    ws.on("message", (data) => {
      if (ws !== this.#ws) return;
      try {
        this.#show(JSON.parse(data.toString()) as BareServerFrame);
      } catch (error) {
        this.errors.push(error);
      }
    });
    ws.on("error", () => undefined); // The close that follows says all.
    ws.on("close", () => {
      if (ws === this.#ws) setTimeout(() => ws === this.#ws && this.#connect(), RECONNECT_MS);
    });
  }

  #show(message: BareServerFrame): void {
    switch (message.kind) {
      case "BotText":
        return this.#draw({ what: "bot", text: message.content });
      case "UserText":
        return this.#draw({ what: "user", text: message.content });
      case "ChoiceRequest":
        this.#draw({ what: "bot", text: message.question });
        return this.#draw({ what: "buttons", groupId: message.groupId, choices: message.choices });
      case "ChoiceResponse":
        return this.#picked(message.groupId, message.content ?? "");
      case "StartChatSession":
        this.#sessionId = message.sessionId;
        return this.#draw({ what: "bot", text: message.chatText ?? "" });
      case "EndChatSession":
        this.#sessionId = undefined;
        return this.#draw();
      default:
        throw new Error(`a message of kind ${message.kind}`);
    }
  }

  /** The buttons go, and what was picked is shown. */
  #picked(groupId: string, content: string): void {
    const at = this.#pane.findIndex((drawn) => drawn.what === "buttons" && drawn.groupId === groupId);
    if (at < 0) throw new Error(`an answer to ${groupId}, which is not in the pane`);
    this.#pane.splice(at, 1);
    this.#draw({ what: "picked", text: content });
  }

  #draw(drawn?: Drawn): void {
    if (drawn) this.#pane.push(drawn);
    for (const look of this.#waits) look();
  }

  #clear(): void {
    this.#pane = [];
    this.#sessionId = undefined;
  }

  #send(message: object): void {
    this.#ws?.send(JSON.stringify(message));
  }
}
