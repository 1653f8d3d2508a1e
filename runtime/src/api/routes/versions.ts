import type { Registry } from "../../registry/registry.js";
import type { Flows } from "../../studio/flows.js";
import { Refusal } from "../../studio/refusal.js";
import type { StudioStore } from "../../studio/store.js";
import { listVersions, readVersion } from "../../studio/versions.js";
import type { Handlers } from "../handler.js";

export type VersionRoutes = Pick<
  Handlers,
  "GET /api/flows/{flow}/versions" | "GET /api/flows/{flow}/versions/{version}"
>;

/** The versions of a flow, published and not. */
export function versionRoutes(flows: Flows, store: StudioStore, registry: Registry): VersionRoutes {
  return {
    "GET /api/flows/{flow}/versions": ({ path }) => ({
      body: { versions: listVersions(store, registry, flows.get(path.flow)) },
    }),
    "GET /api/flows/{flow}/versions/{version}": async ({ path }) => {
      const version = await readVersion(store, registry, flows.get(path.flow), path.version);
      if (!version) throw new Refusal("not-found", "This flow has no such version.");
      return { body: version };
    },
  };
}
