import type { Appearance, Hello } from "@parley/shared/protocol/v1";
import type { Client } from "./client.js";
import type { Live, Place } from "./live.js";
import type { Sessions } from "./sessions.js";

/** Where a guest is to be brought. */
export type Room = {
  readonly flow: string;
  readonly version: number;
  /** The session whose messages are shown. */
  readonly sid: string;
  /** What the client is told that it has: it stays the same when it is taken to another session. */
  readonly as: { readonly sid: string; readonly token: string };
  readonly appearance: Appearance;
  /** `false`: an earlier moment, to look at. */
  readonly live: boolean;
};
export type Guest = {
  /** Where that is now; undefined: nowhere any more. */
  readonly room: () => Promise<Room | undefined>;
  readonly tap: (way: "in" | "out", text: string) => void;
};
/** A way in that is no flow's: by a ticket, or again by the token that it was exchanged for. */
export type Door = { readonly enter: (hello: Hello) => Guest | undefined };

export type UsherContext = {
  readonly door: Door;
  readonly sessions: Sessions;
  readonly join: (client: Client, live: Live, after: Place | undefined, welcome: (latest: number) => void) => void;
};

/** Brings sockets that came by a door into their session, and from one into another. */
export class Usher {
  constructor(private readonly context: UsherContext) {}

  /** @returns false: the door does not open, and never will for this one */
  async enter(client: Client, hello: Hello): Promise<boolean> {
    const { door, sessions } = this.context;
    const guest = door.enter(hello);
    for (let room = await guest?.room(); guest && room; ) {
      const found = await sessions.find(room.flow, room.sid);
      const now = await guest.room();
      if (found && now?.sid === room.sid) {
        client.tap = guest.tap;
        this.#bring(client, found.live, now, hello.after);
        return true;
      }
      if (found) sessions.release(found.live);
      if (now?.sid === room.sid) return false;
      room = now; // It was moved meanwhile.
    }
    return false;
  }

  /**
   * Takes every socket of a session to another, which `to` makes when nothing is under way in the old one. They are
   * given the look of now, a `Resync`, and the other conversation from its start; what they send meanwhile comes again.
   */
  async move(sid: string, to: () => Promise<Room>): Promise<void> {
    const { sessions } = this.context;
    const live = sessions.at(sid);
    const clients = live ? [...live.clients] : [];
    for (const client of clients) live!.leave(client);
    if (live) await Promise.allSettled(live.appending.values());
    const room = await to();
    const found = clients.length > 0 ? await sessions.find(room.flow, room.sid) : undefined;
    for (const client of clients) if (found && client.open) this.#bring(client, found.live, room, "resync");
    if (found) sessions.release(found.live);
    if (live) sessions.release(live);
  }

  #bring(client: Client, live: Live, room: Room, after: Place | "resync" | undefined): void {
    const { flow, version, as, appearance } = room;
    client.flow = flow;
    client.inert = !room.live;
    client.seq = -1;
    const resync = after === "resync" || !room.live;
    this.context.join(client, live, resync ? undefined : after, (latest) => {
      client.send({ kind: "Welcome", ...as, flow: { id: flow, version, appearance }, latest });
      if (resync) client.send({ kind: "Resync", ...(!room.live && { live: false }) });
    });
  }
}
