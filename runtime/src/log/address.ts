import { UserError } from "../errors.js";
import { type FluvioAddress, fluvioAddress } from "./fluvio/address.js";
import { type NatsAddress, natsAddress } from "./nats/address.js";

/** Where a log that processes share is kept. */
export type LogAddress = NatsAddress | FluvioAddress;

/**
 * The log that is meant: by the flag, by LOG, or by NATS_URL or FLUVIO_ENDPOINT in place of it. Undefined: a file in the
 * data folder.
 * @throws UserError `bad-value`, exit code 2
 */
export function logAddress(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): LogAddress | undefined {
  const { LOG, NATS_URL, FLUVIO_ENDPOINT } = env;
  if (flag !== undefined) return parse(flag, "--log");
  if (LOG) return parse(LOG, "LOG");
  if (NATS_URL && FLUVIO_ENDPOINT) {
    throw new UserError("bad-value", "NATS_URL and FLUVIO_ENDPOINT are both set: say by LOG which log is meant.", {
      exitCode: 2,
    });
  }
  if (NATS_URL) return natsAddress(NATS_URL, "NATS_URL");
  if (FLUVIO_ENDPOINT) return fluvioAddress(`fluvio://${FLUVIO_ENDPOINT}`, "FLUVIO_ENDPOINT");
  return undefined;
}

function parse(text: string, from: string): LogAddress | undefined {
  if (text === "sqlite") return undefined;
  if (text.startsWith("fluvio:")) return fluvioAddress(text, from);
  if (/^(nats|tls):/.test(text)) return natsAddress(text, from);
  // What was given is not repeated: it may hold a password.
  const message = `${from} must be sqlite, nats://host:4222/name or fluvio://host:9003/name.`;
  throw new UserError("bad-value", message, { exitCode: 2 });
}
