import type { Flows } from "../../studio/flows.js";
import { canonical } from "../../studio/import.js";
import { Refusal } from "../../studio/refusal.js";
import type { StudioStore } from "../../studio/store.js";
import type { Templates } from "../../studio/templates.js";
import { flowsOf } from "../gate.js";
import type { Handlers } from "../handler.js";

export type FlowRoutes = Pick<
  Handlers,
  | "GET /api/flows"
  | "POST /api/flows"
  | "GET /api/templates"
  | "GET /api/flows/{flow}"
  | "PATCH /api/flows/{flow}"
  | "POST /api/flows/{flow}/duplicate"
  | "POST /api/flows/{flow}/archive"
  | "POST /api/flows/{flow}/restore"
  | "GET /api/flows/{flow}/file"
  | "GET /api/flows/{flow}/draft"
  | "PUT /api/flows/{flow}/draft"
  | "GET /api/flows/{flow}/draft/states"
  | "GET /api/flows/{flow}/draft/states/{state}"
>;

/** Flows and their drafts. */
export function flowRoutes(flows: Flows, store: StudioStore, templates: Templates): FlowRoutes {
  const { drafts } = store;
  return {
    "GET /api/flows": ({ who, query }) => {
      const all = flows.list(query.archived === "yes");
      const only = flowsOf(who);
      return { body: { flows: only ? all.filter(({ id }) => only.includes(id)) : all } };
    },
    "POST /api/flows": async ({ body, author }) => {
      const made = await flows.create(body, author);
      return { body: made, headers: { Location: `/api/flows/${made.id}` } };
    },
    "GET /api/templates": async () => ({ body: { templates: await templates.list() } }),
    "GET /api/flows/{flow}": ({ path }) => ({ body: flows.summary(flows.get(path.flow)) }),
    "PATCH /api/flows/{flow}": async ({ path, body, author }) => ({
      body: await flows.rename(path.flow, body, author),
    }),
    "POST /api/flows/{flow}/duplicate": async ({ path, body, author }) => {
      const made = await flows.duplicate(path.flow, body, author);
      return { body: made, headers: { Location: `/api/flows/${made.id}` } };
    },
    "POST /api/flows/{flow}/archive": ({ path }) => ({ body: flows.setArchived(path.flow, true) }),
    "POST /api/flows/{flow}/restore": ({ path }) => ({ body: flows.setArchived(path.flow, false) }),
    "GET /api/flows/{flow}/file": async ({ path }) => {
      const state = drafts.current(flows.get(path.flow).key);
      const [source, { json }] = await Promise.all([drafts.source(state), drafts.texts(state)]);
      return {
        body: { raw: source ?? canonical(JSON.parse(json)) },
        etag: state.etag,
        headers: { "Content-Disposition": `attachment; filename="${path.flow}.json"` },
      };
    },
    "GET /api/flows/{flow}/draft": async ({ path }) => {
      const state = drafts.current(flows.get(path.flow).key);
      return { body: { raw: await drafts.json(state) }, etag: state.etag };
    },
    "PUT /api/flows/{flow}/draft": async ({ path, body, match, author }) => {
      const { n, etag, at } = await flows.save(path.flow, body, match, author);
      return { body: { state: n, etag, at: new Date(at).toISOString() }, etag };
    },
    "GET /api/flows/{flow}/draft/states": ({ path }) => ({
      body: { states: drafts.states(flows.get(path.flow).key) },
    }),
    "GET /api/flows/{flow}/draft/states/{state}": async ({ path }) => {
      const state = drafts.state(flows.get(path.flow).key, Number(path.state));
      if (!state) throw new Refusal("not-found", "There is no such state; old ones are thinned.");
      return { body: { raw: await drafts.json(state) }, etag: state.etag };
    },
  };
}
