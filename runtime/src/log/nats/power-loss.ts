/** Whether a power loss may take what was acknowledged, and why, in one sentence. */
export type PowerLoss = { readonly promised: boolean; readonly because: string };

/** What a server says of itself on its monitoring port (`/varz`), of which this is asked. */
type Varz = { readonly jetstream?: { readonly config?: { readonly sync_always?: boolean } } };

/**
 * @param version of the server
 * @param varz what its monitoring port answered; undefined: it was not asked
 */
export function powerLoss(version: string, varz: unknown): PowerLoss {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 10)) {
    const because = `nats-server ${version} acknowledges before its disk has it, and cannot be told otherwise: 2.10 can`;
    return { promised: false, because };
  }
  if (varz === undefined) {
    const because = "whether its sync_interval is always was not seen: name its monitoring port by --monitor";
    return { promised: false, because };
  }
  return (varz as Varz | null)?.jetstream?.config?.sync_always === true
    ? { promised: true, because: "its sync_interval is always" }
    : { promised: false, because: "its sync_interval is not always: set it so in the server's jetstream { }" };
}
