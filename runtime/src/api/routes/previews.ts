import type { Route } from "@parley/shared/api/contract";
import type { Previews } from "../../preview/previews.js";
import type { Flows } from "../../studio/flows.js";
import type { Context, Handlers } from "../handler.js";

export type PreviewRoutes = Pick<
  Handlers,
  | "POST /api/flows/{flow}/previews"
  | "PUT /api/flows/{flow}/previews/{preview}"
  | "DELETE /api/flows/{flow}/previews/{preview}"
>;

/** Previews of drafts. Each is its maker's alone, whatever others may do. */
export function previewRoutes(flows: Flows, previews: Previews): PreviewRoutes {
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
  };
}

/** Who asks, as previews tell people apart: a session of a person, or a token. */
export const ownerOf = (who: Context<Route>["who"]): string =>
  who.kind === "person" ? `session ${who.session.hash}` : who.kind === "token" ? `token ${who.token.id}` : "";

const asker = ({ who, author }: Pick<Context<Route>, "who" | "author">) => ({ owner: ownerOf(who), tab: author.tab });
