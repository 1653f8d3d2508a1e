import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { type Config, isLoopback } from "../config.js";

/** The host part of a `Host` header without its port; IPv6 without brackets. Undefined when it is not one. */
function hostName(header: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? "");
  if (!URL.canParse(`http://${header}`)) return undefined; // A port that is none.
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/**
 * Whether the request names this server. A page that rebinds its own name to this machine sends its own name, and gets
 * nothing (421): only an IP address, `localhost` and the hosts of `PUBLIC_URL` and `STUDIO_URL` are ours.
 */
export function hostAllowed(host: string | undefined, config: Pick<Config, "publicUrl" | "studioUrl">): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  const ours = [config.publicUrl, config.studioUrl].map((url) => url?.hostname.toLowerCase());
  return isIP(name) !== 0 || name === "localhost" || ours.includes(name);
}

/**
 * Whether a page of this origin may open a conversation: the flow's own list, this server's origin, and while nothing
 * is configured on a loopback server any loopback origin. Compared exactly: scheme, host, port.
 * No `Origin` at all is not a browser, and allowed.
 */
export function originAllowed(
  request: Pick<IncomingMessage, "headers">,
  allowed: readonly string[],
  config: Pick<Config, "publicUrl" | "host">,
): boolean {
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  if (origin === "null" || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.origin !== origin) return false;
  if (allowed.some((one) => URL.canParse(one) && new URL(one).origin === origin)) return true;
  if (config.publicUrl) return origin === config.publicUrl.origin;
  if (origin === `http://${request.headers.host}` || origin === `https://${request.headers.host}`) return true;
  return allowed.length === 0 && isLoopback(config.host) && isLoopback(url.hostname.replace(/^\[|\]$/g, ""));
}

/**
 * The sites whose frames may hold a flow's page, as sources of a policy: those that `originAllowed` lets in, but for what
 * a policy cannot name (`null`, an address in brackets). The server's own is not among them.
 */
export function framers(allowed: readonly string[], config: Pick<Config, "publicUrl" | "host">): string[] {
  if (allowed.length === 0 && config.publicUrl === undefined && isLoopback(config.host)) {
    return ["localhost", "127.0.0.1"].flatMap((host) => [`http://${host}:*`, `https://${host}:*`]);
  }
  return allowed
    .filter((one) => URL.canParse(one))
    .flatMap((one) => {
      const { origin } = new URL(one);
      // Neither a `*`, which would be every host, nor a `;`, which would begin another rule.
      return /^https?:\/\/[a-z\d._-]+(?::\d+)?$/.test(origin) ? [origin] : [];
    });
}
