import { createRequire } from "node:module";
import { reason } from "../../errors.js";
import { LogOpenError } from "../event-log.js";

/**
 * What is used of `@fluvio/client`, as it was seen to behave and not as its types say: it is loaded on demand, and tests
 * put another in its place.
 */
export interface FluvioClient {
  admin(): Promise<FluvioAdmin>;
  topicProducer(topic: string): Promise<TopicProducer>;
  partitionConsumer(topic: string, partition: number): Promise<PartitionConsumer>;
}
export interface FluvioAdmin {
  createTopic(name: string, spec: TopicSpec): Promise<unknown>;
  deleteTopic(name: string): Promise<unknown>;
  /** JSON, of all topics. */
  listPartitions(): Promise<string>;
}
export interface TopicProducer {
  /** Resolves when they are queued. */
  sendAll(records: [key: string, value: string][]): Promise<void>;
  /** Resolves when everything queued is stored. One that has failed once never works again. */
  flush(): Promise<void>;
}
export interface PartitionConsumer {
  /** Resolves at once. The stream cannot be ended, and when its server dies it falls silent. */
  stream(offset: Offset, take: (record: StreamRecord) => void): Promise<void>;
}
export interface StreamRecord {
  valueString(): string;
}
export type TopicSpec = {
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly ignoreRackAssignment: boolean;
};
/** So many records behind the first one that retention has left. */
export type Offset = { readonly index: number; readonly from: "beginning" };

/** Rejects where the cluster cannot be reached. */
export type Connect = (address: { readonly host: string; readonly port: number }) => Promise<FluvioClient>;

/** The package's own. @throws LogOpenError `no-package` */
export function loadClient(): Connect {
  // The native module prints what it thinks of connections to stderr, in lines that are not ours.
  process.env.RUST_LOG ??= "off";
  return connecting(() => createRequire(import.meta.url)("@fluvio/client"), process);
}

/** @throws LogOpenError `no-package`: why the package cannot be loaded, and what to do */
export function connecting(
  load: () => unknown,
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch">,
): Connect {
  try {
    const { default: fluvio } = load() as { default: { connect: Connect } };
    return (address) => fluvio.connect(address);
  } catch (cause) {
    const missing =
      (cause as { code?: unknown }).code === "MODULE_NOT_FOUND" && reason(cause).includes("@fluvio/client");
    const message = missing
      ? "A log on Fluvio needs the package @fluvio/client, which is not there: run npm install."
      : `A log on Fluvio needs the native part of @fluvio/client, which does not load on ${platform}-${arch} (${reason(cause).split("\n")[0]}): it is made for Linux with glibc and for macOS, on x86-64. Run Parley on one of them, or choose another log.`;
    throw new LogOpenError("no-package", message, { cause });
  }
}
