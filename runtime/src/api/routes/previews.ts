import type { Route } from "@parley/shared/api/contract";
import type { Previews } from "../../preview/previews.js";
import type { Flows } from "../../studio/flows.js";
import { Refusal } from "../../studio/refusal.js";
import type { Templates } from "../../studio/templates.js";
import type { Context, Handlers } from "../handler.js";

export type PreviewRoutes = Pick<
  Handlers,
  | "POST /api/flows/{flow}/previews"
  | "PUT /api/flows/{flow}/previews/{preview}"
  | "DELETE /api/flows/{flow}/previews/{preview}"
  | "POST /api/templates/{template}/previews"
  | "DELETE /api/templates/{template}/previews/{preview}"
>;
export type PreviewRoutesOptions = {
  readonly flows: Flows;
  readonly templates: Templates;
  readonly previews: Previews;
};

/** Previews of drafts and of examples. Each is its maker's alone, whatever others may do. */
export function previewRoutes({ flows, templates, previews }: PreviewRoutesOptions): PreviewRoutes {
  return {
    "POST /api/flows/{flow}/previews": async (context) => ({
      body: await previews.make(asker(context), flows.get(context.path.flow).id, context.body),
    }),
    "PUT /api/flows/{flow}/previews/{preview}": async (context) => {
      const { flow, preview } = context.path;
      return { body: await previews.change(asker(context), flows.get(flow).id, preview, context.body) };
    },
    "DELETE /api/flows/{flow}/previews/{preview}": (context) => {
      previews.end(asker(context), flows.get(context.path.flow).id, context.path.preview);
      return {};
    },
    "POST /api/templates/{template}/previews": async (context) => {
      const { template } = context.path;
      const example = await templates.get(template);
      if (!example) throw new Refusal("not-found", "There is no such template.");
      const draft = { flow: example.json as Record<string, unknown>, settings: example.settings };
      return { body: await previews.make(asker(context), asFlow(template), { draft }) };
    },
    "DELETE /api/templates/{template}/previews/{preview}": (context) => {
      const { template, preview } = context.path;
      previews.end(asker(context), asFlow(template), preview);
      return {};
    },
  };
}

/** What stands for an example where a preview names its flow: no flow has such an id. */
const asFlow = (template: string): string => `template ${template}`;

/** Who asks, as previews tell people apart: a session of a person, or a token. */
export const ownerOf = (who: Context<Route>["who"]): string =>
  who.kind === "person" ? `session ${who.session.hash}` : who.kind === "token" ? `token ${who.token.id}` : "";

const asker = ({ who, author }: Pick<Context<Route>, "who" | "author">) => ({ owner: ownerOf(who), tab: author.tab });
