import { type DraftLink, LINK_DAYS } from "@parley/shared/api/links";
import type { PreviewTrace } from "@parley/shared/api/preview";
import { isLoopback } from "../../config.js";
import type { LinkRow } from "../../studio/draft-links.js";
import type { StudioEvents } from "../../studio/events.js";
import type { Flows } from "../../studio/flows.js";
import { Refusal } from "../../studio/refusal.js";
import type { StudioStore } from "../../studio/store.js";
import type { Handlers } from "../handler.js";

export type LinkRoutes = Pick<
  Handlers,
  | "GET /api/flows/{flow}/links"
  | "POST /api/flows/{flow}/links"
  | "DELETE /api/flows/{flow}/links/{link}"
  | "GET /api/flows/{flow}/sent/{sent}"
  | "DELETE /api/flows/{flow}/sent/{sent}"
>;
export type LinkContext = {
  readonly flows: Flows;
  readonly store: StudioStore;
  readonly events: StudioEvents;
};

/** Of one flow, those that are over included. */
const MAX_LINKS = 50;
const DAY = 24 * 3_600_000;

/** The links that show a flow's draft to people without an account, for who may change the flow. */
export function linkRoutes({ flows, store, events }: LinkContext): LinkRoutes {
  const { links } = store;
  const told = (row: LinkRow): DraftLink => ({
    id: row.id,
    follows: row.json === null,
    drawing: row.drawing === 1,
    by: row.by,
    created: iso(row.created),
    expires: iso(row.expires),
    ...(row.used === null ? {} : { lastUsed: iso(row.used) }),
    comments: links.countComments(row.id),
  });
  return {
    "GET /api/flows/{flow}/links": ({ path }) => {
      const { key } = flows.get(path.flow);
      const sent = links.sent(key).map(({ id, author, answers, at }) => ({ id, author, answers, at: iso(at) }));
      return { body: { links: links.list(key).map(told), sent } };
    },
    "POST /api/flows/{flow}/links": ({ path, body, who, site }) => {
      const { follows, drawing, days = LINK_DAYS.usual } = body;
      if (who.kind !== "person") throw new Refusal("forbidden", "A token makes no links: sign in.");
      const person = who.session.person.id;
      const { secret, link } = store.transaction(() => {
        const { key } = flows.toChange(path.flow);
        if (links.list(key).length >= MAX_LINKS) {
          throw new Refusal("too-many-links", `A flow has at most ${MAX_LINKS} links. Revoke one that is not needed.`);
        }
        const frozen = follows ? undefined : store.drafts.current(key);
        return links.add({ flow: key, frozen, drawing, person, lasts: days * DAY });
      });
      const loopback = isLoopback(new URL(site.origin).hostname.replace(/^\[|\]$/g, ""));
      return { body: { ...told(link), url: `${site.origin}/shared#${secret}`, loopback } };
    },
    "DELETE /api/flows/{flow}/links/{link}": ({ path }) => {
      if (!links.revoke(flows.get(path.flow).key, path.link)) throw notThere("link");
      // Conversations that were begun by it end now.
      events.emit({ kind: "access" });
      return {};
    },
    "GET /api/flows/{flow}/sent/{sent}": ({ path }) => {
      const found = links.sentInputs(flows.get(path.flow).key, path.sent);
      if (!found) throw notThere("conversation");
      return { body: { author: found.author, inputs: JSON.parse(found.inputs) as PreviewTrace["inputs"] } };
    },
    "DELETE /api/flows/{flow}/sent/{sent}": ({ path }) => {
      if (!links.removeSent(flows.get(path.flow).key, path.sent)) throw notThere("conversation");
      return {};
    },
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const notThere = (what: string): Refusal => new Refusal("not-found", `This flow has no such ${what}.`);
