import { setTimeout as delay } from "node:timers/promises";
import { LogOpenError } from "../event-log.js";
import type { FluvioAddress } from "./address.js";
import type { TopicSpec } from "./client.js";
import { type Cluster, controlTopic, type PartitionState, wordsOf } from "./cluster.js";

/** A new topic is there within so long, in ms: a controller that has just deleted one was seen to take a minute. */
const READY = 90_000;
const AGAIN = 50;
const DAY = 86_400;

export type SetupOptions = { readonly partitions: number; readonly replicas: number };
export type TopicState = {
  readonly topic: string;
  readonly partitions: number;
  readonly states: readonly PartitionState[];
};

/** The log's topics that are there, control first. @throws LogOpenError `unreachable` */
export async function findTopics(cluster: Cluster): Promise<TopicState[]> {
  const all = await cluster.partitions();
  return [controlTopic(cluster.address), cluster.address.name].flatMap((topic) => {
    const states = all.filter((one) => one.topic === topic);
    return states.length === 0 ? [] : { topic, partitions: states.length, states };
  });
}

/**
 * Makes the topics of a log that are not there yet; resolves when they take records.
 * @returns the topics that were made; none where both were there
 * @throws LogOpenError `partitions` where there is one with another number of them, `not-writable`
 */
export async function makeTopics(cluster: Cluster, { partitions, replicas }: SetupOptions): Promise<string[]> {
  const { address } = cluster;
  const there = await findTopics(cluster);
  const found = there.find(({ topic }) => topic === address.name);
  if (found !== undefined && found.partitions !== partitions)
    throw otherPartitions(address, found.partitions, partitions);
  const wanted = [
    { topic: address.name, partitions },
    { topic: controlTopic(address), partitions: 1 },
  ].filter(({ topic }) => !there.some((one) => one.topic === topic));
  for (const { topic, partitions } of wanted) {
    await makeTopic(cluster, topic, { partitions, replicationFactor: replicas, ignoreRackAssignment: false });
  }
  return wanted.map(({ topic }) => topic);
}

/** Resolves when it takes records: by what there is, since the answer may be late. */
async function makeTopic(cluster: Cluster, topic: string, spec: TopicSpec): Promise<void> {
  let refusal: unknown;
  cluster
    .ask((admin) => admin.createTopic(topic, spec))
    .catch((error: unknown) => {
      refusal = error;
    });
  for (const until = performance.now() + READY; performance.now() < until; await delay(AGAIN)) {
    // Meanwhile it may not even say what there is.
    const found = (await findTopics(cluster).catch(() => [])).find((one) => one.topic === topic);
    if (found?.states.every(({ online }) => online) && found.partitions === spec.partitions) return;
    if (refusal !== undefined && !(refusal instanceof LogOpenError)) break;
  }
  const { shown } = cluster.address;
  const why = refusal === undefined ? "it takes no records yet" : wordsOf(refusal);
  const message = `The topic ${topic} cannot be made on ${shown} (${why}): has the cluster ${spec.replicationFactor} running SPU(s)?`;
  throw new LogOpenError("not-writable", message, { cause: refusal });
}

/** Deletes the topics of the log with everything in them. @returns those that are gone @throws LogOpenError `unreachable` */
export async function deleteTopics(cluster: Cluster): Promise<string[]> {
  const gone = (await findTopics(cluster)).map(({ topic }) => topic);
  // Control first: a log without it is none, whatever happens meanwhile.
  for (const topic of gone) await cluster.ask((admin) => admin.deleteTopic(topic));
  return gone;
}

/** How long a topic keeps records, in words. */
export function retentionOf({ states }: TopicState): string {
  const seconds = states[0]?.retention;
  if (seconds === undefined) return "7 days (Fluvio's default)";
  return seconds % DAY === 0 ? `${seconds / DAY} days` : `${seconds} s`;
}

export const otherPartitions = ({ shown }: FluvioAddress, is: number, wanted: number): LogOpenError =>
  new LogOpenError(
    "partitions",
    `The log ${shown} was made with ${is} partitions, not ${wanted}; another number would move running conversations. Set it back to ${is}.`,
  );

export const noTopic = ({ shown }: FluvioAddress, topic: string): LogOpenError =>
  new LogOpenError("no-stream", `Topic not found: ${topic} on ${shown}. Run "npm run setup" once, with LOG as here.`);
