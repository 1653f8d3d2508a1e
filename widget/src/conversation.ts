import type { ResponseMessage } from "@parley/shared/message";
import type { Appearance } from "@parley/shared/protocol/v1";
import { type LookOverrides, readLook } from "./appearance.js";
import { Connection, type Socket, type Status } from "./connection.js";
import type { Incoming } from "./guards.js";
import { Pace } from "./pace.js";
import { pageStorage, Store } from "./storage.js";
import { EMPTY, reduce, type Transcript, type TranscriptEvent } from "./transcript.js";
import { type Mode, stillness, View } from "./view.js";

export type MountOptions = LookOverrides & {
  /** The element whose shadow root the conversation is drawn in; events are dispatched on it. */
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  readonly flow: string;
  /** Origin, as `https://bots.example`. */
  readonly server: string;
  readonly mode: Mode;
  readonly debug: boolean;
};
export type Handle = {
  readonly open: () => void;
  readonly close: () => void;
  readonly reset: () => void;
  readonly destroy: () => void;
};
/** What the page gives; a test gives its own. */
export type Ports = {
  readonly connect: (url: string, protocol: string) => Socket;
  readonly setTimeout: (run: () => void, ms: number) => number;
  readonly clearTimeout: (timer: number) => void;
  readonly now: () => number;
  readonly random: () => number;
  readonly newId: () => string;
  readonly store: (key: string) => Store;
};

/** 96 random bits as 16 characters of a client id. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return Array.from(bytes, (byte) => letters[byte & 63]).join("");
}

const PAGE: Ports = {
  connect: (url, protocol) => new WebSocket(url, protocol),
  setTimeout: (run, ms) => window.setTimeout(run, ms),
  clearTimeout: (timer) => window.clearTimeout(timer),
  now: () => performance.now(),
  random: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
  newId: randomId,
  store: (key) => new Store(pageStorage(), key),
};

/** How long the bot may take before it is seen to be typing: a quick answer needs no sign. */
const TYPING_AFTER = 350;
/** The secret of a session, as it stands in frames. */
const TOKEN = /("token":")[^"]*/;

/** Draws a conversation into `root` and holds it. It connects when it is opened. */
export function mount(options: MountOptions, ports: Ports = PAGE): Handle {
  const { host, root, flow, server, mode } = options;
  const store = ports.store(`parley:${server}:${flow}`);
  let transcript: Transcript = store.outbox.reduce<Transcript>((t, send) => reduce(t, { kind: "sent", send }), EMPTY);
  let status: Status = "offline";
  let look = readLook({}, options, server);
  let appearance = "";
  let started = mode === "inline";
  let ready = false;
  let slow = false;
  let typingTimer: number | undefined;

  const emit = (type: string, detail: unknown = {}) =>
    host.dispatchEvent(new CustomEvent(`parley:${type}`, { bubbles: true, detail }));
  const error = (code: string, message: string) => emit("error", { code, message });

  const view = new View(root, mode, server, look, {
    choose: (question, choice) => {
      const { groupId, seq } = question;
      say({ kind: "ChoiceResponse", groupId, itemId: choice.itemId, content: choice.content }, seq);
    },
    text: (content) => {
      const chat = transcript.chats.at(-1);
      if (chat) say({ kind: "UserText", sessionId: chat.sessionId, content }, chat.seq);
    },
    retry: (id) => {
      const failed = transcript.outgoing.find(({ send }) => send.id === id);
      take({ kind: "withdrawn", id });
      if (failed) say(failed.send.message, failed.send.re);
    },
    reset: () => reset(),
    close: () => close(),
    acted: () => pace.hurry(transcript),
  });
  const pace = new Pace(ports, stillness, () => draw());
  const connection = new Connection(`${server.replace(/^http/, "ws")}/chat/${encodeURIComponent(flow)}`, store, ports, {
    status: (now) => {
      status = now;
      draw();
    },
    frame: (frame) => take(frame),
    after: () => transcript.last,
    error,
    ...(options.debug && {
      trace: (direction, text) => view.trace(`${direction === "in" ? "<" : ">"} ${text.replace(TOKEN, "$1…")}`),
    }),
  });

  function say(message: ResponseMessage, re?: number): void {
    const send = connection.send(message, re);
    pace.hurry(transcript);
    take({ kind: "sent", send });
    view.log.toEnd();
  }

  function take(event: TranscriptEvent): void {
    const before = transcript;
    transcript = reduce(transcript, event);
    if (transcript.gap) {
      // Something between is missing (another tab started over, or the log was trimmed): all is read again.
      transcript = reduce(transcript, { kind: "forget" });
      connection.reconnect();
      return;
    }
    if (event.kind === "Welcome") {
      dress(event.flow.appearance);
      // What this server's session does not wait for any more: of another session, or sent by another tab meanwhile.
      const waiting = new Set(store.outbox.map(({ id }) => id));
      for (const { send, state } of transcript.outgoing) {
        if (state === "sending" && !waiting.has(send.id))
          transcript = reduce(transcript, { kind: "withdrawn", id: send.id });
      }
    }
    if (transcript.owed.length === 0) stopTyping();
    else typingTimer ??= ports.setTimeout(() => showTyping(), TYPING_AFTER);
    draw();
    tell(event, before);
  }

  function showTyping(): void {
    slow = true;
    draw();
  }

  function stopTyping(): void {
    if (typingTimer !== undefined) ports.clearTimeout(typingTimer);
    typingTimer = undefined;
    slow = false;
  }

  function dress(value: Appearance): void {
    const text = JSON.stringify(value);
    if (text === appearance) return;
    appearance = text;
    look = readLook(value, options, server);
    view.appearance(look);
  }

  /** The events of the page: what is new, not what is replayed. */
  function tell(event: Incoming | TranscriptEvent, before: Transcript): void {
    if (!ready && transcript.sid !== undefined && (transcript.last?.seq ?? 0) >= transcript.latest) {
      ready = true;
      emit("ready", { flow });
    }
    if (event.kind === "Message" && transcript.last !== before.last && event.seq > transcript.latest && event.message) {
      const { seq, id, message } = event;
      const answer = message.kind === "ChoiceResponse" || message.kind === "UserText";
      emit(answer ? "answer" : "message", { seq, id, message });
    }
    if (transcript.ended && !before.ended) emit("end");
  }

  function draw(): void {
    pace.update(transcript);
    const { items, outgoing, chats, ended, latest, last } = transcript;
    // What opens the editor or ends the conversation is said first.
    const chat = chats.findLast(({ seq }) => seq <= pace.shown);
    view.update({
      status,
      items: items.filter(({ seq }) => seq <= pace.shown),
      outgoing,
      typing: pace.busy || (slow && status === "connected"),
      replay: !ready || (last?.seq ?? 0) < latest,
      prompt: chat && !ended ? (chat.prompt ?? "") : undefined,
      ended: (ended && !pace.busy) || (status === "closed" && store.token === undefined),
    });
  }

  function reset(): void {
    started = true;
    if (status === "closed") {
      transcript = EMPTY;
      connection.reconnect();
      return;
    }
    // What was not taken yet belongs to the conversation that is given up.
    for (const { send } of transcript.outgoing) {
      store.remove(send.id);
      take({ kind: "withdrawn", id: send.id });
    }
    // Without a session there is nothing to start over: connecting begins one.
    if (store.token !== undefined) say({ kind: "ResetSession" });
    connection.open();
  }

  const resume = () => {
    if (started && status !== "closed") connection.open();
  };
  const pause = () => connection.close();
  const fit = () => view.fit();

  function open(): void {
    started = true;
    const wasHidden = view.panel.hidden;
    view.open();
    resume();
    if (wasHidden) emit("open");
  }

  function close(): void {
    if (mode === "inline" || view.panel.hidden) return;
    view.close();
    emit("close");
  }

  // A page kept for "back" holds no socket; a network that is back is used at once.
  window.addEventListener("online", resume);
  window.addEventListener("pageshow", resume);
  window.addEventListener("pagehide", pause);
  window.visualViewport?.addEventListener("resize", fit);
  window.visualViewport?.addEventListener("scroll", fit);
  draw();
  resume();

  return {
    open,
    close,
    reset,
    destroy: () => {
      connection.close();
      pace.stop();
      stopTyping();
      window.removeEventListener("online", resume);
      window.removeEventListener("pageshow", resume);
      window.removeEventListener("pagehide", pause);
      window.visualViewport?.removeEventListener("resize", fit);
      window.visualViewport?.removeEventListener("scroll", fit);
      view.panel.remove();
    },
  };
}
