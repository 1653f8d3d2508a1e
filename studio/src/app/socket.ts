import { STUDIO_CLOSE, STUDIO_SUBPROTOCOL, type StudioServerFrame } from "@parley/shared/api/socket";

/** `Opened`: a connection stands (again): what happened meanwhile has to be read over HTTP. `Closed`: it does no more. */
export type SocketNews = StudioServerFrame | { readonly kind: "Opened" | "Closed" };

export type StudioSocket = {
  /** This tab's name on the server, while connected. */
  tab(): string | undefined;
  /** Says which flow this tab has open and which step is in hand; nothing: none. Kept over a reconnect. */
  look(flow?: string, step?: string): void;
  /** Says which conversation this tab shows, so that what happens in it is told; nothing: none. Kept over a reconnect. */
  watch(flow?: string, conversation?: string): void;
  /** Says that the person of this tab types in the conversation that it shows; lost while not connected. */
  typing(): void;
  /** Says whether this tab shows the inbox, so that what is in it is told. Kept over a reconnect. */
  inbox(on: boolean): void;
  /** Says that a conversation of the inbox was read up to this message; lost while not connected. */
  read(conversation: string, seq: number): void;
  listen(listener: (news: SocketNews) => void): () => void;
  close(): void;
};

type Port = Pick<WebSocket, "send" | "close" | "readyState" | "onopen" | "onmessage" | "onclose">;
export type SocketOptions = {
  readonly connect: (subprotocol: string) => Port;
  readonly timer: (run: () => void, ms: number) => () => void;
  /** Between 0 and 1: many tabs do not come back in the same moment. */
  readonly random: () => number;
  readonly signedOut: () => void;
};

const WAIT = { first: 500, most: 15_000 } as const;
const OPEN = 1;
const PING_EVERY = 25_000;

/** The studio's socket. It comes back by itself until it is closed, here or for good by the server. */
export function openSocket({ connect, timer, random, signedOut }: SocketOptions): StudioSocket {
  const listeners = new Set<(news: SocketNews) => void>();
  let port: Port | undefined;
  let tab: string | undefined;
  /** What the server has to know of this tab, again after each reconnect. */
  const said = new Map<"Look" | "Watch" | "OpenInbox", string>();
  let wait: number = WAIT.first;
  let closed = false;
  let stopTimer = () => {};

  const tell = (news: SocketNews) => {
    for (const listener of listeners) listener(news);
  };
  const send = (frame: string) => {
    if (port?.readyState === OPEN) port.send(frame);
  };
  const keep = (frame: { kind: "Look" | "Watch" | "OpenInbox"; [field: string]: string | boolean | undefined }) => {
    const text = JSON.stringify(frame);
    if (text === said.get(frame.kind)) return;
    said.set(frame.kind, text);
    send(text);
  };
  const ping = () => {
    send('{"kind":"Ping"}');
    stopTimer = timer(ping, PING_EVERY);
  };
  const open = () => {
    const mine = connect(STUDIO_SUBPROTOCOL);
    port = mine;
    mine.onopen = () => {
      for (const frame of said.values()) send(frame);
      stopTimer = timer(ping, PING_EVERY);
    };
    mine.onmessage = ({ data }: MessageEvent) => {
      const frame = readFrame(data);
      if (frame === undefined) return;
      if (frame.kind === "Welcome") {
        tab = frame.tab;
        wait = WAIT.first;
        tell({ kind: "Opened" });
      }
      tell(frame);
    };
    mine.onclose = ({ code }: CloseEvent) => {
      stopTimer();
      tab = undefined;
      if (closed) return;
      tell({ kind: "Closed" });
      if (code === STUDIO_CLOSE.signedOut) return signedOut();
      if (code === STUDIO_CLOSE.badFrame) return;
      stopTimer = timer(open, wait * (0.75 + random() / 2));
      wait = Math.min(wait * 2, WAIT.most);
    };
  };
  open();
  return {
    tab: () => tab,
    look: (flow, step) => keep({ kind: "Look", flow, step }),
    watch: (flow, conversation) => keep({ kind: "Watch", flow, conversation }),
    typing: () => send('{"kind":"Typing"}'),
    inbox: (on) => keep({ kind: "OpenInbox", on }),
    read: (conversation, seq) => send(JSON.stringify({ kind: "ReadUpTo", conversation, seq })),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      closed = true;
      stopTimer();
      port?.close();
    },
  };
}

function readFrame(data: unknown): StudioServerFrame | undefined {
  try {
    const frame: unknown = typeof data === "string" ? JSON.parse(data) : undefined;
    return typeof frame === "object" && frame !== null && "kind" in frame ? (frame as StudioServerFrame) : undefined;
  } catch {
    return undefined;
  }
}
