import type { StreamConfig, StreamInfo } from "@nats-io/jetstream";
import { LogOpenError } from "../event-log.js";
import { bucketStream } from "./bucket.js";
import { codeOf, type Link, NO_STREAM, words } from "./link.js";
import { Names } from "./names.js";

/** The form of subjects and messages. */
const FORMAT = 1;
/** How long the server remembers the ids of messages, in nanoseconds: a repeat within it is dropped. */
const DUPLICATE_WINDOW = 120e9;

/** A workflow that does not renew the lease of a partition for so long has lost it. */
export const LEASE_SECONDS = 5;

export type SetupOptions = { readonly partitions: number; readonly replicas: number };
/** `made`: when, in words of the server's. */
export type Streams = { readonly partitions: number; readonly names: readonly string[]; readonly made: string };

/** What stands in the control stream's description: it is made last, so a log that has it is whole. */
const description = (partitions: number) => `Parley event log; format ${FORMAT}; ${partitions} partitions`;

/**
 * Makes the streams of a log that are not there yet.
 * @returns the streams that were made; none where all of them were there
 * @throws LogOpenError `partitions` where there is one with another number of them, `not-writable`
 */
export async function makeStreams(link: Link, { partitions, replicas }: SetupOptions): Promise<string[]> {
  const names = new Names(link.address.name);
  const there = await findStreams(link);
  if (there !== undefined && there.partitions !== partitions) throw otherPartitions(link, there.partitions, partitions);
  const made: string[] = [];
  const add = async (config: Partial<StreamConfig> & { name: string }) => {
    if ((await streamInfo(link, config.name)) !== undefined) return;
    try {
      await link.jsm.streams.add({
        storage: "file",
        retention: "limits",
        // Full means refused: what was acknowledged is not given up for what is new.
        discard: "new",
        allow_direct: true,
        duplicate_window: DUPLICATE_WINDOW,
        num_replicas: replicas,
        ...config,
      });
    } catch (cause) {
      const message = `The stream ${config.name} cannot be made on ${link.address.shown} (${words(cause)}): see the server's JetStream settings.`;
      throw new LogOpenError("not-writable", message, { cause });
    }
    made.push(config.name);
  };
  for (let p = 0; p < partitions; p++) await add({ name: names.stream(p), subjects: [names.subjects(p)] });
  await add(bucketStream(names.leases, LEASE_SECONDS));
  await add(bucketStream(names.places, 0));
  await add({ name: names.control, subjects: [names.controlSubject], description: description(partitions) });
  return made;
}

/** The streams of the log; undefined where it was not set up, or not to the end. @throws LogOpenError `newer-version`, `unreachable` */
export async function findStreams(link: Link): Promise<Streams | undefined> {
  const names = new Names(link.address.name);
  const info = await streamInfo(link, names.control);
  const [, format, partitions] = /format (\d+); (\d+) partitions/.exec(info?.config.description ?? "") ?? [];
  if (info === undefined || format === undefined) return undefined;
  if (Number(format) > FORMAT) {
    const message = `The log ${link.address.shown} was made by a newer Parley (its format is ${format}, this one reads ${FORMAT}). Start that version, or name another log.`;
    throw new LogOpenError("newer-version", message);
  }
  const all = Array.from({ length: Number(partitions) }, (_, p) => names.stream(p));
  const buckets = [names.leases, names.places].map((name) => bucketStream(name, 0).name);
  return { partitions: Number(partitions), names: [...all, ...buckets, names.control], made: info.created };
}

/** Deletes the streams of the log with everything in them. @returns the streams that are gone */
export async function deleteStreams(link: Link): Promise<string[]> {
  const found = await findStreams(link);
  const gone: string[] = [];
  // Control first: a log without it is none, whatever happens meanwhile.
  for (const name of [...(found?.names ?? [])].reverse()) {
    if ((await streamInfo(link, name)) === undefined) continue;
    await link.jsm.streams.delete(name);
    gone.push(name);
  }
  return gone;
}

/** @throws LogOpenError `unreachable` */
export async function streamInfo(link: Link, name: string): Promise<StreamInfo | undefined> {
  try {
    return await link.unlessLost(() => link.jsm.streams.info(name));
  } catch (cause) {
    if (codeOf(cause) === NO_STREAM) return undefined;
    const message = `The NATS server ${link.address.shown} does not tell of its streams (${words(cause)}): is it started with JetStream, and may this user use it?`;
    throw new LogOpenError("unreachable", message, { cause });
  }
}

export const otherPartitions = (link: Link, is: number, wanted: number): LogOpenError =>
  new LogOpenError(
    "partitions",
    `The log ${link.address.shown} was made with ${is} partitions, not ${wanted}; another number would move running conversations. Set it back to ${is}.`,
  );

export const noStream = (link: Link, stream: string): LogOpenError =>
  new LogOpenError(
    "no-stream",
    `There is no stream ${stream} on ${link.address.shown}: run "npm run setup" once, with LOG as here.`,
  );
