import { fileURLToPath } from "node:url";
import { Router } from "express";
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
    const { origin } = siteOf(request, site);
    // Written out: to a page without an origin not every browser counts its own server as 'self'.
    const policy = [
      "sandbox allow-scripts",
      "default-src 'none'",
      `script-src ${origin}/preview/`,
      `connect-src ${origin.replace(/^http/, "ws")}/preview`,
      `img-src ${origin} data: https:`,
      `frame-ancestors ${origin}`,
      "base-uri 'none'",
      "form-action 'none'",
    ];
    response.set({
      "Content-Security-Policy": policy.join("; "),
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
    });
    // What has no origin has no cluster of its own either.
    response.removeHeader("Origin-Agent-Cluster");
    response.type("html").send(PAGE);
  });
  router.use("/preview", (_request, response, next) => {
    // Asked for by a page without an origin.
    response.set({ "Cross-Origin-Resource-Policy": "cross-origin" });
    next();
  });
  router.get("/preview/preview.js", (request, response, next) => {
    request.url = "/preview.js";
    staticFiles(dist, { maxAge: 0 })(request, response, next);
  });
  return router;
}
