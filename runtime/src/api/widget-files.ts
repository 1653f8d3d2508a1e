import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "@parley/shared/flow/settings";
import { type ClosedWidget, closedWords } from "@parley/shared/protocol/closed-widget";
import { Router } from "express";
import type { Config } from "../config.js";
import { setPolicy } from "../policies.js";
import { originAllowed } from "../proxy/admission.js";
import type { RefusedOrigins } from "../proxy/refused-origins.js";
import type { Registry } from "../registry/registry.js";
import { problem } from "./problem.js";
import { staticFiles } from "./static-files.js";

const DIST = fileURLToPath(new URL("../../../widget/dist/", import.meta.url));
/** Files of earlier versions that are kept: some dozens of versions. The oldest go first. */
const MAX_KEPT = 1_000;
/** An appearance is one small answer, in bytes: what has no room in it comes with the conversation. */
const MAX_APPEARANCE = 1024;

/** What of an appearance may be left out of it, what matters least first. */
const OPTIONAL = ["avatar", "greeting", "title"] as const;

/**
 * The widget on every site: the loader at its stable address, its parts by the digest in their names, and the appearance
 * of each flow, to the sites that may embed it (SPEC, The widget's files).
 * @param kept folder of the parts of earlier versions, see `keepParts`
 */
export function widgetFiles(options: {
  readonly config: Pick<Config, "publicUrl" | "host">;
  readonly registry: Pick<Registry, "live">;
  readonly refused?: Pick<RefusedOrigins, "note">;
  readonly kept: string | undefined;
  readonly dist?: string | undefined;
}): Router {
  const { config, registry, refused, kept, dist = DIST } = options;
  const router = Router({ caseSensitive: true, strict: true });
  router.use(["/widget.js", "/widget.json", "/widget"], (_request, response, next) => {
    setPolicy(response, "everybodys");
    next();
  });
  // The second says what a page needs that pins this version.
  router.get(["/widget.js", "/widget.json"], staticFiles(dist, { maxAge: "5m" }));
  router.get("/widget/v1/:flow.json", (request, response) => {
    const { flow } = request.params;
    const settings = registry.live(flow)?.settings;
    response.vary("Origin");
    if (!settings) return problem(response, 404, "no-flow", `No flow "${flow}" is published here.`);
    if (!originAllowed(request, settings.origins ?? [], config)) {
      // Only what the loader of a page asks, as far as a browser says so.
      const { origin } = request.headers;
      if (isLoaders(request.headers)) refused?.note(flow, origin);
      const allow = "Allow it in the studio: the flow's settings, Allowed sites.";
      return problem(response, 403, "origin", `${origin} may not show "${flow}". ${allow}`);
    }
    const { locale, lang } = request.query;
    const body = faceOf(settings, [locale, settings.appearance?.locale, lang]);
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    response.set({ "Cache-Control": "public, max-age=60, stale-while-revalidate=600", ETag: etag });
    if (request.headers["if-none-match"] === etag) return void response.status(304).end();
    response.type("json").send(body);
  });
  const parts = { immutable: true, maxAge: "365d" } as const;
  router.use("/widget", staticFiles(join(dist, "widget"), parts));
  if (kept !== undefined) router.use("/widget", staticFiles(kept, parts));
  return router;
}

/** Whether a script of a page asked, and no link, picture or program. Old browsers do not say. */
const isLoaders = ({ "sec-fetch-mode": mode, "sec-fetch-dest": to }: IncomingHttpHeaders): boolean =>
  (mode === undefined || mode === "cors") && (to === undefined || to === "empty");

/** What the closed widget shows, as JSON of at most 1 kB. `languages`: as wanted, the first that is one counts. */
function faceOf({ title, appearance = {} }: Settings, languages: readonly unknown[]): string {
  const { color, avatar, greeting, position, launcher, theme, strings } = appearance;
  const words = closedWords(...languages);
  const face: Record<string, unknown> = {
    ...({ v: 1, ...words, open: strings?.open ?? words.open } satisfies ClosedWidget),
    ...{ title, color, avatar, greeting, position, launcher, theme },
  };
  let text = JSON.stringify(face);
  for (const name of OPTIONAL) {
    if (Buffer.byteLength(text) <= MAX_APPEARANCE) break;
    delete face[name];
    text = JSON.stringify(face);
  }
  return text;
}

/**
 * Keeps the widget's parts in a folder that outlives an upgrade: a loader that a browser or a site still has goes on
 * finding the parts it names, and a pinned one keeps working.
 * @throws Error when the folder cannot be written
 */
export async function keepParts(kept: string, dist = DIST): Promise<void> {
  await mkdir(kept, { recursive: true });
  // Not built: then there is nothing to keep.
  const parts = await readdir(join(dist, "widget")).catch((): string[] => []);
  const known = new Set(await readdir(kept));
  for (const part of parts) {
    if (!known.has(part)) await copyFile(join(dist, "widget", part), join(kept, part));
  }
  const files = await Promise.all(
    [...known].map(async (file) => ({ file, time: (await stat(join(kept, file))).mtimeMs })),
  );
  const old = files.filter(({ file }) => !parts.includes(file)).sort((a, b) => a.time - b.time);
  for (const { file } of old.slice(0, Math.max(0, old.length - MAX_KEPT))) await rm(join(kept, file), { force: true });
}
