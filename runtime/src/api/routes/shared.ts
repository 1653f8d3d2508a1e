import type { Readers } from "../../sharing/readers.js";
import type { Handlers } from "../handler.js";

export type SharedRoutes = Pick<
  Handlers,
  "POST /api/shared" | "POST /api/shared/previews" | "POST /api/shared/comments" | "POST /api/shared/conversations"
>;

/** What the right of a draft link opens, which comes in the body: nothing else takes it. */
export function sharedRoutes(readers: Readers): SharedRoutes {
  return {
    "POST /api/shared": async ({ body: { link, have, preview } }) => ({
      body: await readers.look(link, have, preview),
    }),
    "POST /api/shared/previews": async ({ body, address }) => ({ body: await readers.play(body.link, address) }),
    "POST /api/shared/comments": async ({ body: { link, preview, seq, author, text }, address }) => ({
      body: { comment: await readers.comment(link, { preview, seq, author, text }, address) },
    }),
    "POST /api/shared/conversations": ({ body: { link, ...sent }, address }) => {
      readers.send(link, sent, address);
      return {};
    },
  };
}
