import type { Draft } from "@parley/shared/api/flows";
import type { FlowJson } from "@parley/shared/flow/json";
import type { Flows } from "../../studio/flows.js";
import { Refusal } from "../../studio/refusal.js";
import type { StudioStore } from "../../studio/store.js";
import type { WhatIfs } from "../../what-if/what-ifs.js";
import type { Handlers } from "../handler.js";
import { needAll } from "./catching-up.js";
import { readId } from "./conversations.js";
import { ownerOf } from "./previews.js";

export type WhatIfRoutes = Pick<
  Handlers,
  "POST /api/flows/{flow}/what-if" | "GET /api/flows/{flow}/what-if/{conversation}"
>;

type WhatIfContext = {
  readonly flows: Flows;
  readonly store: StudioStore;
  readonly whatIfs: WhatIfs;
  readonly catchingUp: () => number | undefined;
};

/** What recorded conversations would have been on the draft. */
export function whatIfRoutes({ flows, store: { drafts }, whatIfs, catchingUp }: WhatIfContext): WhatIfRoutes {
  const draftOf = async (key: number): Promise<FlowJson> => {
    const { json } = await drafts.texts(drafts.current(key));
    return JSON.parse(json) as Draft["flow"] as FlowJson;
  };
  return {
    "POST /api/flows/{flow}/what-if": async ({ path, body, who }) => {
      const { id, key } = flows.get(path.flow);
      needAll(catchingUp());
      const stream = whatIfs.run(ownerOf(who), id, await draftOf(key), body.days);
      return { body: { stream, type: "application/x-ndjson" } };
    },
    "GET /api/flows/{flow}/what-if/{conversation}": async ({ path }) => {
      const { id, key } = flows.get(path.flow);
      const { sid, n } = readId(path.conversation);
      const body = await whatIfs.transcript(id, await draftOf(key), sid, n);
      if (!body) throw new Refusal("not-found", "There is no such conversation.");
      return { body };
    },
  };
}
