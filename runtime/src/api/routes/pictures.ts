import type { StoredPicture } from "@parley/shared/api/pictures";
import type { Registry } from "../../registry/registry.js";
import type { Flows } from "../../studio/flows.js";
import type { PictureShelf } from "../../studio/picture-shelf.js";
import type { PictureRow } from "../../studio/pictures.js";
import { Refusal } from "../../studio/refusal.js";
import type { StudioStore } from "../../studio/store.js";
import { Throttle } from "../../studio/throttle.js";
import { byOf, rightsOf, type Who } from "../gate.js";
import type { Handlers } from "../handler.js";

export type PictureRoutes = Pick<
  Handlers,
  "GET /api/flows/{flow}/pictures" | "POST /api/flows/{flow}/pictures" | "POST /api/profile/pictures"
>;
export type PictureContext = {
  readonly flows: Flows;
  readonly store: StudioStore;
  readonly registry: Registry;
  readonly shelf: PictureShelf;
  readonly now: () => number;
};

/** Of one person or token; what was refused counts. */
const UPLOADS = { tries: 60, within: 60_000 };

/** The pictures of flows and profiles. */
export function pictureRoutes({ flows, store, registry, shelf, now }: PictureContext): PictureRoutes {
  const throttle = new Throttle(UPLOADS, now);
  /** @throws Refusal `too-many-requests` */
  const count = (who: Who): void => {
    const wait = throttle.take(keyOf(who));
    if (wait === 0) return;
    const retryAfter = Math.ceil(wait / 1000);
    throw new Refusal("too-many-requests", `Too many pictures at once. Try again in ${retryAfter} s.`, { retryAfter });
  };
  return {
    "GET /api/flows/{flow}/pictures": async ({ path, who }) => {
      const row = flows.get(path.flow);
      const { json, settings, text = "" } = await store.drafts.texts(store.drafts.current(row.key));
      const live = registry.live(row.id);
      const published = live ? [registry.text(live)!, JSON.stringify(live.settings)] : [];
      const { pictures, missing } = shelf.find([json, settings, text, ...published]);
      const { flow, server } = shelf.room(row);
      const room = rightsOf(who).includes("access:manage") ? { flow, server } : { flow };
      return { body: { pictures: pictures.map(told), missing, room } };
    },
    "POST /api/flows/{flow}/pictures": ({ path, body, author, who }) => {
      const flow = flows.toChange(path.flow);
      count(who);
      const row = shelf.take(fromBase64(body.data), { flow, by: author.name, called: body.name });
      return { body: told(row) };
    },
    "POST /api/profile/pictures": ({ body, who }) => {
      if (who.kind !== "person") throw new Refusal("forbidden", "A token has no picture for visitors.");
      count(who);
      const row = shelf.take(fromBase64(body.data), { by: byOf(who), called: body.name });
      return { body: told(row) };
    },
  };
}

const keyOf = (who: Who): string =>
  who.kind === "person" ? `person ${who.session.person.id}` : who.kind === "token" ? `token ${who.token.id}` : "";

const told = ({ name, bytes, width, height }: PictureRow): StoredPicture => ({ name, bytes, width, height });

/** @throws Refusal `invalid` */
function fromBase64(data: string): Buffer {
  if (data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data)) return Buffer.from(data, "base64");
  throw new Refusal("invalid", "The request does not say what this route takes.", {
    errors: [{ pointer: "/data", message: "must be base64" }],
  });
}
