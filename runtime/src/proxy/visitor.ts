import type { IncomingHttpHeaders } from "node:http";
import { type Device, isLanguage } from "@parley/shared/visitor";

/** What a visitor's browser says of itself where a conversation begins, cleaned; each only if it is one. */
export type Visit = {
  /** The address of the page, as the client says. */
  readonly page?: string | undefined;
  readonly language?: string | undefined;
  readonly device?: Device | undefined;
};

/** What the headers of a request say of a visitor. They may hold anything. */
export function visitOf(headers: IncomingHttpHeaders): Visit {
  return { language: languageOf(headers["accept-language"]), device: deviceOf(headers["user-agent"]) };
}

/** The first language of an `Accept-Language`, as such tags are written; undefined for none. */
function languageOf(header: string | undefined): string | undefined {
  const [first = ""] = /^[^,;]{0,40}/.exec(header ?? "") ?? [];
  const tag = first.trim();
  if (!isLanguage(tag)) return undefined;
  const [language = "", ...more] = tag.split("-");
  return [language.toLowerCase(), ...more.map(written)].join("-");
}

/** A script is written `Hant`, a region `TW`, anything else small. */
const written = (part: string): string => {
  if (part.length === 2) return part.toUpperCase();
  if (/^[a-z]{4}$/i.test(part)) return part[0]!.toUpperCase() + part.slice(1).toLowerCase();
  return part.toLowerCase();
};

/** The beginning of a `User-Agent` says it; who is no browser has no device. An iPad may say that it is a desktop. */
function deviceOf(header: string | undefined): Device | undefined {
  const agent = (header ?? "").slice(0, 400);
  if (!agent.startsWith("Mozilla/")) return undefined;
  if (/iPad|Tablet|PlayBook|Silk\//.test(agent)) return "tablet";
  if (/iPhone|iPod|Mobi/.test(agent)) return "phone";
  return agent.includes("Android") ? "tablet" : "desktop";
}
