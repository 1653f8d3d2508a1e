import { UserError } from "../../errors.js";

/** Where a log is kept by NATS servers, and under which name. */
export type NatsAddress = {
  readonly engine: "nats";
  /** `host:port` of one server or several of a cluster. */
  readonly servers: readonly string[];
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** Of its streams and subjects. */
  readonly name: string;
  /** For people: without what gives entry. */
  readonly shown: string;
};

export const DEFAULT_NAME = "parley";
const FORM =
  /^(?<scheme>nats|tls):\/\/(?:(?<userinfo>[^@/]*)@)?(?<hosts>[^@/]+)(?:\/(?<name>[A-Za-z0-9][A-Za-z0-9_-]{0,63}))?\/?$/;
const HOST = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/;

/**
 * Reads `nats://[user:password@|token@]host[:port][,host…][/name]`, or the same with `tls://`.
 * @param from what it was given by, for the sentence
 * @throws UserError `bad-value`, exit code 2
 */
export function natsAddress(text: string, from = "LOG"): NatsAddress {
  const { scheme, userinfo, hosts = "", name = DEFAULT_NAME } = FORM.exec(text)?.groups ?? {};
  const servers = hosts.split(",").map((host) => (/:\d+$/.test(host) ? host : `${host}:4222`));
  const bad = () =>
    // What was given is not repeated: it may hold a password.
    new UserError("bad-value", `${from} must be as nats://host:4222 or nats://host:4222/name.`, {
      exitCode: 2,
    });
  if (scheme === undefined || !servers.every((server) => HOST.test(server))) throw bad();
  const [user, password] = (userinfo ?? "").split(":").map((part) => decode(part, bad));
  return {
    engine: "nats",
    servers,
    tls: scheme === "tls",
    ...(password !== undefined ? { user: user!, password } : user ? { token: user } : {}),
    name,
    shown: `${scheme}://${servers.join(",")}/${name}`,
  };
}

function decode(part: string, bad: () => Error): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw bad();
  }
}
