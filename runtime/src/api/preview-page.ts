import { fileURLToPath } from "node:url";
import { Router } from "express";
import { setPolicy } from "../policies.js";
import { type SiteConfig, siteOf } from "../studio/site.js";
import { staticFiles } from "./static-files.js";

const DIST = fileURLToPath(new URL("../../../widget/dist/preview/", import.meta.url));

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Preview</title><link rel="icon" href="data:,"><script defer src="/preview/preview.js"></script></head><body></body></html>
`;

/**
 * The page that previews are looked at in, framed by the studio. Whatever it shows is a draft's: it has no origin, so
 * no cookie, no storage and nothing of the studio is in its reach, also where somebody opens it by itself.
 */
export function previewPage(site: SiteConfig, dist = DIST): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/preview", (request, response) => {
    setPolicy(response, "preview", { origin: siteOf(request, site).origin });
    response.set("Cache-Control", "no-store");
    response.type("html").send(PAGE);
  });
  router.get("/preview/preview.js", (request, response, next) => {
    setPolicy(response, "previewFile");
    request.url = "/preview.js";
    staticFiles(dist, { maxAge: 0 })(request, response, next);
  });
  return router;
}
