import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Request, type Response, Router } from "express";
import { setPolicy } from "../policies.js";
import { problem } from "./problem.js";
import { staticFiles } from "./static-files.js";

const DIST = fileURLToPath(new URL("../../../studio/dist/", import.meta.url));

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Parley</title></head><body>
<h1>The studio is not built yet</h1>
<p>Run <code>npm run build</code> (or <code>npm start</code>) in the folder of Parley, then load this page again.</p>
</body></html>
`;

/** The studio's pages: its assets, and its one page at every other address below `/studio`. */
export function studioPages(dist = DIST): Router {
  const router = Router({ caseSensitive: true });
  // Their names hold their digest. One that is not there is no page.
  router.use(
    "/studio/assets",
    (_request, response, next) => {
      setPolicy(response, "studioFile");
      next();
    },
    staticFiles(join(dist, "assets"), { immutable: true, maxAge: "365d" }),
    notThere,
  );
  const send = (file: string) => async (_request: Request, response: Response) => {
    const page = await readFile(join(dist, file), "utf8").catch(() => undefined);
    const nonce = randomBytes(16).toString("base64");
    setPolicy(response, "studio", { nonce });
    response.set("Cache-Control", "no-store");
    response.status(page === undefined ? 503 : 200).type("html");
    response.send((page ?? NOT_BUILT).replaceAll("__CSP_NONCE__", nonce));
  };
  const sendStudio = send("index.html");
  router.get("/studio{/*path}", (request, response, next) => {
    // The page knows its own addresses; one that some server on the way could read as another place is none of them.
    if (!/^[\w/-]+$/.test(request.path)) return next();
    return sendStudio(request, response);
  });
  // For readers of a draft link, without an account. Its right is in the fragment, which no server is sent.
  router.get("/shared", send("shared.html"));
  return router;
}

const notThere = (_request: Request, response: Response): void => {
  setPolicy(response, "data");
  problem(response, 404, "not-found", "There is nothing at this address.");
};
