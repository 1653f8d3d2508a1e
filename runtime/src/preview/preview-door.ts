import type { Door, Room } from "../proxy/door.js";
import { readToken, sha256 } from "../proxy/sessions.js";
import type { Eavesdropper } from "./eavesdropper.js";
import type { Preview } from "./preview.js";
import type { Tickets } from "./tickets.js";

type Open = { readonly preview: Preview; readonly eavesdropper: Eavesdropper; readonly last: Promise<unknown> };
export type PreviewDoorOptions = {
  readonly tickets: Tickets;
  /** The previews that are open, by their ids. */
  readonly held: ReadonlyMap<string, Open>;
  readonly now: () => number;
};

/** Where the sockets of a preview belong now. */
export const roomOf = ({ id: flow, version, sid, as, appearance, live }: Preview): Room => ({
  flow,
  version,
  sid,
  as,
  appearance,
  live,
});

/** The way into previews: by a ticket, or by the token of a preview that goes on. */
export function previewDoor({ tickets, held, now }: PreviewDoorOptions): Door {
  const byToken = (token: string | undefined): string | undefined => {
    const given = readToken(token);
    if (!given) return undefined;
    for (const { preview } of held.values()) {
      // What is compared is a hash of the guess: how long it takes says nothing of the secret.
      if (preview.as.sid === given.sid && preview.secret === sha256(given.secret)) return preview.id;
    }
    return undefined;
  };
  return {
    enter(hello) {
      const id = hello.ticket === undefined ? byToken(hello.token) : tickets.spend(hello.ticket);
      const open = id === undefined ? undefined : held.get(id);
      return (
        open && {
          room: async () => {
            // Not while it is being moved.
            await open.last;
            return held.has(open.preview.id) ? roomOf(open.preview) : undefined;
          },
          tap: (way, text) => open.eavesdropper.heard(way, text, now()),
        }
      );
    },
  };
}
