import { UserError } from "../../errors.js";

/** Where a log is kept by a Fluvio cluster, and under which name. */
export type FluvioAddress = {
  readonly engine: "fluvio";
  /** Of its streaming controller. */
  readonly host: string;
  readonly port: number;
  /** Of the topic of conversations; published versions are in another, `<name>-control`. */
  readonly name: string;
  /** For people. */
  readonly shown: string;
};

const DEFAULT_NAME = "bot-assist-messages";
const DEFAULT_PORT = 9003;
/** A topic's name as Fluvio takes it: no upper case, at most 63 characters, the control topic's ending among them. */
const FORM =
  /^fluvio:\/\/(?<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?<port>\d{1,5}))?(?:\/(?<name>[a-z0-9](?:[a-z0-9-]{0,53}[a-z0-9])?))?\/?$/;

/**
 * Reads `fluvio://host[:port][/name]`.
 * @param from what it was given by, for the sentence
 * @throws UserError `bad-value`, exit code 2
 */
export function fluvioAddress(text: string, from = "LOG"): FluvioAddress {
  const { host, port = DEFAULT_PORT, name = DEFAULT_NAME } = FORM.exec(text)?.groups ?? {};
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    const message = `${from} must be as fluvio://host:9003 or fluvio://host:9003/name; a name has small letters, digits and hyphens.`;
    throw new UserError("bad-value", message, { exitCode: 2 });
  }
  return { engine: "fluvio", host, port: Number(port), name, shown: `fluvio://${host}:${port}/${name}` };
}
