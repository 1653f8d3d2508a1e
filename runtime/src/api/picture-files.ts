import { extname } from "node:path";
import { Router } from "express";
import type { PictureShelf } from "../studio/picture-shelf.js";
import { problem } from "./problem.js";

/**
 * The pictures of flows, for every site, by the digest of what they hold, for ever. What a picture is was decided when it
 * was taken in: no browser guesses, and opened by itself it can do nothing.
 */
export function pictureFiles(shelf: Pick<PictureShelf, "bytes">): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/assets/:name", (request, response) => {
    const { name } = request.params;
    // No cookie is asked for: any site may read it.
    response.set({ "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" });
    const bytes = request.path === `/assets/${name}` ? shelf.bytes(name) : undefined;
    if (!bytes) return problem(response, 404, "not-found", "There is no such picture here.");
    const etag = `"${name.slice(0, 64)}"`;
    response.set({
      "Cache-Control": "public, max-age=31536000, immutable",
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "Content-Type": `image/${extname(name).slice(1)}`,
      "X-Content-Type-Options": "nosniff",
      ETag: etag,
    });
    if (request.headers["if-none-match"] === etag) return void response.status(304).end();
    response.send(bytes);
  });
  return router;
}
