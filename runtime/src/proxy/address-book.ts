import type { Limits } from "../config.js";

/** A bucket of tokens: `rate` a second, at most `rate` saved. */
export class Bucket {
  #left: number;
  #at: number;
  constructor(
    private readonly rate: number,
    now: number,
  ) {
    this.#left = rate;
    this.#at = now;
  }

  take(now: number): boolean {
    this.#left = Math.min(this.rate, this.#left + ((now - this.#at) * this.rate) / 1000);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

type Entry = { sockets: number; frames: Bucket; minute: number; sessions: number; day: number; bytes: number };

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * What each address uses of a server. Without limits nothing is counted but open sockets.
 * Written by hand because it stands in the path of every frame, where a promise a frame would cost more than the frame.
 */
export class AddressBook {
  readonly #entries = new Map<string, Entry>();
  #sockets = 0;

  constructor(
    private readonly limits: Limits | undefined,
    private readonly now: () => number,
  ) {}

  /** Addresses that memory holds. */
  get size(): number {
    return this.#entries.size;
  }

  /** Open sockets of all addresses, and those that are let in just now. */
  get sockets(): number {
    return this.#sockets;
  }

  /** Takes a place for a socket; false when the address has its full number. Give it back by `close`. */
  open(address: string): boolean {
    const entry = this.#entry(address);
    if (this.limits && entry.sockets >= this.limits.socketsPerAddress) return false;
    entry.sockets += 1;
    this.#sockets += 1;
    return true;
  }

  close(address: string): void {
    const entry = this.#entries.get(address);
    if (!entry) return;
    entry.sockets -= 1;
    this.#sockets -= 1;
  }

  frame(address: string): boolean {
    return !this.limits || this.#entry(address).frames.take(this.now());
  }

  /** Milliseconds until a new session may begin; 0: now, and it is counted. */
  session(address: string): number {
    if (!this.limits) return 0;
    const entry = this.#entry(address);
    const minute = Math.floor(this.now() / MINUTE);
    if (entry.minute !== minute) [entry.minute, entry.sessions] = [minute, 0];
    if (entry.sessions >= this.limits.sessionsPerMinute) return (minute + 1) * MINUTE - this.now();
    entry.sessions += 1;
    return 0;
  }

  /** Milliseconds until `bytes` more may be stored; 0: now, and they are counted. */
  store(address: string, bytes: number): number {
    if (!this.limits) return 0;
    const entry = this.#entry(address);
    const day = Math.floor(this.now() / DAY);
    if (entry.day !== day) [entry.day, entry.bytes] = [day, 0];
    if (entry.bytes + bytes > this.limits.bytesPerDay) return (day + 1) * DAY - this.now();
    entry.bytes += bytes;
    return 0;
  }

  /** Forgets the addresses that use nothing now. Called now and then. */
  sweep(): void {
    const minute = Math.floor(this.now() / MINUTE);
    const day = Math.floor(this.now() / DAY);
    for (const [address, entry] of this.#entries) {
      const used = entry.sockets > 0 || entry.minute === minute || (entry.day === day && entry.bytes > 0);
      if (!used) this.#entries.delete(address);
    }
  }

  #entry(address: string): Entry {
    let entry = this.#entries.get(address);
    if (!entry) {
      const frames = new Bucket(this.limits?.framesPerAddress ?? 1, this.now());
      entry = { sockets: 0, frames, minute: -1, sessions: 0, day: -1, bytes: 0 };
      this.#entries.set(address, entry);
    }
    return entry;
  }
}

/** What counts as one address: an IPv4 address (also mapped into IPv6), of IPv6 the /64 that one customer has. */
export function addressKey(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped) return mapped[1]!;
  if (!ip.includes(":")) return ip;
  const [head = "", tail] = ip.split("%")[0]!.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...new Array<string>(Math.max(0, missing)).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
