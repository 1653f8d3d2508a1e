/**
 * Why a server closes a socket. A client reconnects after every code but the final ones.
 * A code above 4000 is ours; `retry-after=<ms>` in the close reason says how long to wait, drawn at random by the
 * server so that a restart's reconnects spread out.
 */
export const CLOSE = {
  /** The server restarts: come back after the time in the reason. */
  restart: 1012,
  /** Overload: this client reads too slowly, or the log is away. Come back and resume. */
  tryAgain: 1013,
  /** A frame over the limit (sent by the websocket library). Final for that frame; come back. */
  tooLarge: 1009,
  /** No Hello within the handshake time, or a first frame that is no Hello. Final: the client is wrong. */
  badHello: 4400,
  /**
   * The token of this socket was voided: signed out, or identified. The client forgets it and what it shows, and comes
   * back with the token that is stored by then, or with none.
   */
  voided: 4401,
  /** The flow was taken down, and this client has no conversation to finish. Final. */
  notPublished: 4404,
  /** The session was erased. Final: a new start begins a new session. */
  erased: 4410,
  /** Too many frames: come back after the time in the reason. */
  tooMany: 4429,
  /** The session holds what this server cannot read (a newer record format). Come back later. */
  unreadable: 4500,
} as const;

export const FINAL_CLOSES: ReadonlySet<number> = new Set<number>([CLOSE.badHello, CLOSE.notPublished, CLOSE.erased]);

/** The wait a close reason asks for in ms, or undefined. */
export function retryAfter(reason: string): number | undefined {
  const match = /^retry-after=(\d{1,7})$/.exec(reason);
  return match ? Number(match[1]) : undefined;
}
