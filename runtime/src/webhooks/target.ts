import { isIP } from "node:net";
import { CallError } from "./call-error.js";
import { isPublic } from "./public-address.js";

/** Where a webhook goes. */
export type Target = {
  readonly url: URL;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The operator of the server has named it in `WEBHOOK_ALLOW`: it may be anywhere. */
  readonly allowed: boolean;
};

/** Names that are this machine's or this net's wherever they are asked for. */
const LOCAL = /^[^.]*$|(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa)$/;

/**
 * Reads the address of a webhook: https at a public name or address, at the usual port. What is in `allow`, as `host:port`,
 * may be http and anywhere.
 * @throws CallError
 */
export function readTarget(text: string, allow: readonly string[]): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw new CallError("bad-address", "This is no address of a webhook. Write it as https://hooks.example/parley.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new CallError("user-info", "The address holds a name or a password. Leave them out: calls are signed.");
  }
  // Decimal, octal and hexadecimal spellings of an address are the address here.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  if (allow.includes(`${url.hostname}:${port}`)) return { url, host, port, allowed: true };
  if (!secure) throw new CallError("not-https", "The address is not https: what is sent could be read on its way.");
  if (isIP(host) === 0) {
    if (LOCAL.test(host) || host.endsWith(".")) {
      throw new CallError("local-name", `${host} is a name of a machine or a net of its own, not of the internet.`);
    }
  } else if (!isPublic(host)) throw notPublic(host);
  if (port !== 443) {
    throw new CallError("odd-port", `Webhooks go to port 443, not to ${port}. WEBHOOK_ALLOW makes an exception.`);
  }
  return { url, host, port, allowed: false };
}

export const notPublic = (address: string): CallError =>
  new CallError("not-public", `${address} is not on the public internet, and webhooks go nowhere else.`);
