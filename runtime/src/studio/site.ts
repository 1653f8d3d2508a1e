import type { IncomingMessage } from "node:http";
import type { Config } from "../config.js";

/** This server as the browser that asks knows it. */
export type Site = {
  /** Scheme, host and port: what its own pages send as `Origin`. */
  readonly origin: string;
  readonly secure: boolean;
  /** Cookies do not tell ports apart: two servers on one machine need two names. */
  readonly cookieName: string;
};

/** How the studio is reached. `publicUrl` only where it is that of the studio's own port. */
export type SiteConfig = Pick<Config, "publicUrl" | "trustProxy">;

/** Of a request whose `Host` was checked: `PUBLIC_URL`, or while that is unset the `Host`. */
export function siteOf(request: Pick<IncomingMessage, "headers">, { publicUrl, trustProxy }: SiteConfig): Site {
  const forwarded = trustProxy > 0 && request.headers["x-forwarded-proto"] === "https";
  const url = publicUrl ?? new URL(`${forwarded ? "https" : "http"}://${request.headers.host}`);
  const secure = url.protocol === "https:";
  const port = url.port || (secure ? "443" : "80");
  return { origin: url.origin, secure, cookieName: `${secure ? "__Host-" : ""}parley-${port}` };
}

/** The value of the session's cookie, if there is one. */
export function sessionCookie(request: Pick<IncomingMessage, "headers">, { cookieName }: Site): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=", 2);
    if (name === cookieName && value) return value;
  }
  return undefined;
}

/** The header that sets the session's cookie for so many ms, or takes it away (0). */
export function cookieHeader({ cookieName, secure }: Site, value: string, ms: number): string {
  const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${Math.floor(ms / 1000)}`;
  return `${cookieName}=${value}; ${attributes}${secure ? "; Secure" : ""}`;
}
