import { extname } from "node:path";
import { type Request, type Response, Router } from "express";
import { PictureAwayError } from "../pictures/fetched-pictures.js";
import { setPolicy } from "../policies.js";
import { problem } from "./problem.js";

/** Where pictures are: at hand, or asked for. @throws PictureAwayError */
export type PictureSource = { bytes(name: string): Buffer | undefined | Promise<Buffer | undefined> };

/**
 * The pictures of flows, for every site, by the digest of what they hold, for ever. What a picture is was decided when it
 * was taken in: no browser guesses, and opened by itself it can do nothing.
 */
export function pictureFiles(source: PictureSource): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/assets/:name", async (request: Request<{ name: string }>, response) => {
    const { name } = request.params;
    setPolicy(response, "picture");
    let bytes: Buffer | undefined;
    try {
      bytes = request.path === `/assets/${name}` ? await source.bytes(name) : undefined;
    } catch (error) {
      if (error instanceof PictureAwayError) return away(response, error);
      throw error;
    }
    if (!bytes) return problem(response, 404, "not-found", "There is no such picture here.");
    const etag = `"${name.slice(0, 64)}"`;
    response.set({
      "Cache-Control": "public, max-age=31536000, immutable",
      "Content-Type": `image/${extname(name).slice(1)}`,
      "X-Content-Type-Options": "nosniff",
      ETag: etag,
    });
    if (request.headers["if-none-match"] === etag) return void response.status(304).end();
    response.send(bytes);
  });
  return router;
}

/** This picture alone waits for the studio: conversations go on. */
function away(response: Response, { message, retryAfter }: PictureAwayError): void {
  response.set({ "Cache-Control": "no-store", "Retry-After": String(retryAfter) });
  problem(response, 503, "studio-away", message, { retryAfter });
}
