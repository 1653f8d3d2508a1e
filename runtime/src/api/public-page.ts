import { createHash } from "node:crypto";
import type { Settings } from "@parley/shared/flow/settings";
import { closedWords } from "@parley/shared/protocol/closed-widget";
import { Router } from "express";
import type { Config } from "../config.js";
import { setPolicy } from "../policies.js";
import { framers } from "../proxy/admission.js";
import type { Registry } from "../registry/registry.js";
import { siteOf } from "../studio/site.js";

/** What is seen until the widget covers it, and where it does not come. */
const STYLE =
  "html{height:100%}body{min-height:100%;margin:0;display:grid;place-items:center;font:1rem/1.5 system-ui,sans-serif}" +
  "main{max-width:32rem;padding:1.5rem;text-align:center;overflow-wrap:anywhere}h1{font-size:1.375rem;line-height:1.3}";
const STYLE_DIGEST = createHash("sha256").update(STYLE).digest("base64");

/**
 * The public page of each published flow, `/c/<flow>`: its conversation as the whole page, for whoever has the address
 * and for frames of the sites that may embed it. It holds what is live and nothing of a draft.
 */
export function publicPages(options: {
  readonly config: Pick<Config, "publicUrl" | "host" | "trustProxy">;
  readonly registry: Pick<Registry, "live">;
}): Router {
  const { config, registry } = options;
  const router = Router({ caseSensitive: true });
  router.get("/c/:flow", (request, response) => {
    const { flow } = request.params;
    const { origin } = siteOf(request, config);
    const about = { origin, style: STYLE_DIGEST };
    const settings = registry.live(flow)?.settings;
    if (!settings) {
      setPolicy(response, "conversation", { ...about, framers: ["'none'"] });
      response.set("Cache-Control", "no-store");
      return void response.status(404).type("html").send(GONE);
    }
    setPolicy(response, "conversation", {
      ...about,
      framers: ["'self'", ...framers(settings.origins ?? [], config)],
    });
    const body = pageOf(flow, settings, { origin, languages: request.acceptsLanguages() });
    const etag = `"${createHash("sha256")
      .update(String(response.get("Content-Security-Policy")))
      .update(body)
      .digest("base64url")
      .slice(0, 22)}"`;
    response.vary("Accept-Language");
    response.set({ "Cache-Control": "public, max-age=60", ETag: etag });
    if (request.headers["if-none-match"] === etag) return void response.status(304).end();
    response.type("html").send(body);
  });
  return router;
}

type Where = { readonly origin: string; readonly languages: readonly string[] };

function pageOf(flow: string, settings: Settings, { origin, languages }: Where): string {
  const { color, avatar, greeting, theme = "auto", locale } = settings.appearance ?? {};
  const title = settings.title?.trim() || flow;
  // Without a language of its own it speaks the visitor's, as on a page that names none.
  const { lang, dir } = closedWords(locale, ...languages);
  const picture = avatar === undefined ? undefined : pictureAddress(avatar, origin);
  const about: readonly (readonly [key: "name" | "property", name: string, content: string | undefined])[] = [
    ["name", "color-scheme", theme === "auto" ? "light dark" : theme],
    ["name", "theme-color", color],
    ["name", "description", greeting],
    ["property", "og:type", "website"],
    ["property", "og:url", `${origin}/c/${flow}`],
    ["property", "og:title", title],
    ["property", "og:description", greeting],
    ["property", "og:image", picture],
    ["name", "twitter:card", "summary"],
  ];
  const metas = about
    .filter(([, , content]) => content)
    .map(([key, name, content]) => `<meta ${key}="${name}" content="${escaped(content!)}">`);
  return page({
    open: `<html lang="${lang}" dir="${dir}">`,
    title,
    head: [
      ...metas,
      `<link rel="canonical" href="${origin}/c/${flow}">`,
      `<link rel="icon" href="${escaped(picture ?? "data:,")}">`,
      `<script async src="/widget.js" data-flow="${flow}" data-mode="fullpage"></script>`,
    ],
    main: `<h1>${escaped(title)}</h1><noscript><p>This conversation needs JavaScript.</p></noscript>`,
  });
}

const GONE = page({
  open: '<html lang="en">',
  title: "No conversation here",
  head: ['<meta name="color-scheme" content="light dark">', '<link rel="icon" href="data:,">'],
  main:
    "<h1>There is no conversation at this address</h1>" +
    "<p>It may have been taken down, or the address is not whole. Ask whoever gave it to you for a new one.</p>",
});

type Page = { readonly open: string; readonly title: string; readonly head: readonly string[]; readonly main: string };

function page({ open, title, head, main }: Page): string {
  return [
    "<!doctype html>",
    `${open}<head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    ...head,
    `<style>${STYLE}</style></head>`,
    `<body><main>${main}</main></body></html>`,
    "",
  ].join("\n");
}

/** The address of a picture as others can ask for it; undefined for one that the widget does not show either. */
function pictureAddress(avatar: string, origin: string): string | undefined {
  if (!/^(?:https:\/\/|\/[^/\\])/i.test(avatar) || !URL.canParse(avatar, origin)) return undefined;
  const { href, protocol, origin: found } = new URL(avatar, origin);
  return protocol === "https:" || found === origin ? href : undefined;
}

/** As text and in a quoted attribute. Control characters, which HTML cannot hold, become the sign for what is unreadable. */
function escaped(text: string): string {
  return text.replace(/[&"'<>]/g, (one) => `&#${one.codePointAt(0)};`).replace(/[^\P{Cc}\t\n\r]/gu, "\ufffd");
}
