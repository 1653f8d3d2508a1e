import type { Socket } from "./connection.js";
import { inStorage } from "./memory.js";
import { Store } from "./storage.js";

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

export const PAGE: Ports = {
  connect: (url, protocol) => new WebSocket(url, protocol),
  setTimeout: (run, ms) => window.setTimeout(run, ms),
  clearTimeout: (timer) => window.clearTimeout(timer),
  now: () => performance.now(),
  random: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
  newId: randomId,
  store: (key) =>
    new Store(
      inStorage("localStorage", (storage) => storage),
      key,
    ),
};
