import { MOST_WAITS, type Running } from "@parley/shared/api/versions";
import { isLoopback } from "../../config.js";
import type { ConversationReader } from "../../projection/reading.js";
import type { RefusedOrigins } from "../../proxy/refused-origins.js";
import type { Registry } from "../../registry/registry.js";
import type { Flows } from "../../studio/flows.js";
import type { Publisher } from "../../studio/publish.js";
import { Refusal } from "../../studio/refusal.js";
import type { StudioStore } from "../../studio/store.js";
import { listVersions, readVersion } from "../../studio/versions.js";
import { byOf } from "../gate.js";
import type { Handlers } from "../handler.js";
import { sofar } from "./catching-up.js";

export type VersionRoutes = Pick<
  Handlers,
  | "GET /api/flows/{flow}/versions"
  | "GET /api/flows/{flow}/versions/{version}"
  | "POST /api/flows/{flow}/versions"
  | "POST /api/flows/{flow}/unpublish"
  | "GET /api/visitors"
  | "GET /api/flows/{flow}/running"
  | "GET /api/flows/{flow}/refused-origins"
>;

export type VersionContext = {
  readonly flows: Flows;
  readonly store: StudioStore;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly conversations: Pick<ConversationReader, "versions">;
  readonly catchingUp: () => number | undefined;
  readonly refused: RefusedOrigins;
  /** Where visitors are, when that is not where the studio is. */
  readonly visitors: () => string | undefined;
};

/** The versions of a flow, published and not, and what is on them. */
export function versionRoutes(context: VersionContext): VersionRoutes {
  const { flows, store, registry, publisher, conversations, catchingUp, refused, visitors } = context;
  return {
    "GET /api/flows/{flow}/versions": ({ path }) => ({
      body: { versions: listVersions(store, registry, flows.get(path.flow)) },
    }),
    "GET /api/flows/{flow}/versions/{version}": async ({ path }) => {
      const version = await readVersion(store, registry, flows.get(path.flow), path.version);
      if (!version) throw new Refusal("not-found", "This flow has no such version.");
      return { body: version };
    },
    "POST /api/flows/{flow}/versions": async ({ path, body, match, who }) => ({
      body: await publisher.publish(path.flow, body, match, { by: byOf(who) }),
    }),
    "POST /api/flows/{flow}/unpublish": async ({ path, body, who }) => {
      await publisher.unpublish(path.flow, body, { by: byOf(who) });
      return { body: flows.summary(flows.get(path.flow)) };
    },
    "GET /api/visitors": ({ site }) => {
      const url = visitors() ?? `${site.origin}/`;
      return { body: { url, loopback: isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, "")) } };
    },
    "GET /api/flows/{flow}/running": ({ path }) => {
      const { id } = flows.get(path.flow);
      return { body: { versions: running(conversations.versions(id)), ...sofar(catchingUp()) } };
    },
    "GET /api/flows/{flow}/refused-origins": ({ path }) => {
      const { id } = flows.get(path.flow);
      const found = refused.list(id, registry.last(id)?.settings.origins ?? []);
      return { body: { origins: found.map((one) => ({ ...one, at: new Date(one.at).toISOString() })) } };
    },
  };
}

/** Newest version first; those that nobody is on are left out. */
function running(versions: ReturnType<VersionContext["conversations"]["versions"]>): Running["versions"] {
  return versions
    .map(({ version, waiting }) => {
      const waits = Object.entries(waiting).map(([state, running]) => ({ state, running }));
      waits.sort((a, b) => b.running - a.running);
      const total = waits.reduce((sum, { running }) => sum + running, 0);
      return { version, running: total, waits: waits.slice(0, MOST_WAITS) };
    })
    .filter(({ running }) => running > 0)
    .reverse();
}
