import type { FluvioAddress } from "../log/fluvio/address.js";
import type { Connect } from "../log/fluvio/client.js";
import { Cluster, controlTopic } from "../log/fluvio/cluster.js";
import { deleteTopics, findTopics, makeTopics, retentionOf, type TopicState } from "../log/fluvio/setup.js";
import type { Examined, LogEngine } from "./log-commands.js";

/** A log on Fluvio, to be set up, looked at and deleted. */
export function fluvioEngine(address: FluvioAddress, connect?: Connect): LogEngine {
  const opened = () => Cluster.open(address, connect);
  return {
    shown: address.shown,
    name: address.name,
    parts: "topics",
    async setup(settings) {
      const cluster = await opened();
      const made = await makeTopics(cluster, settings);
      return { made, note: retentionNote(address, await findTopics(cluster), settings) };
    },
    find: async () => (await findTopics(await opened())).map(({ topic }) => topic),
    remove: async () => deleteTopics(await opened()),
    examine: async () => examine(address, await findTopics(await opened())),
  };
}

/** How long records are kept, and how to have it otherwise: this client makes topics with Fluvio's default only. */
function retentionNote(
  address: FluvioAddress,
  topics: readonly TopicState[],
  { partitions, replicas }: { readonly partitions: number; readonly replicas: number },
): string {
  const [control, name] = [controlTopic(address), address.name];
  const kept = topics.map((one) => `${one.topic} ${retentionOf(one)}`).join(", ");
  const create = `fluvio topic create ${name} --partitions ${partitions} --replication ${replicas} --retention-time 365d`;
  const chosen = topics.every(({ states }) => states[0]?.retention !== undefined);
  if (chosen) return `Retention: ${kept}.\n`;
  return `Retention: ${kept}.
Conversations older than that are deleted, and so may published versions be. It is 7 days unless a topic is made with
another, which this client cannot do and nothing changes afterwards. For longer, before anybody talks: npm run cleanup, then
  ${create}
  fluvio topic create ${control} --partitions 1 --replication ${replicas} --retention-time 36500d
`;
}

function examine(address: FluvioAddress, topics: readonly TopicState[]): Examined {
  const missing = [controlTopic(address), address.name].filter((name) => !topics.some(({ topic }) => topic === name));
  const states = topics.flatMap((one) => one.states);
  const away = states.filter(({ online }) => !online).map(({ topic, partition }) => `${topic}-${partition}`);
  const records = states.reduce((sum, { base, end }) => sum + Math.max(0, end - base), 0);
  const bytes = states.reduce((sum, one) => sum + one.bytes, 0);
  const replicas = Math.min(...states.map((one) => one.replicas));
  const rows = [
    ["Log", address.shown],
    ["Engine", "Fluvio"],
    ["Killed", "nothing acknowledged is lost"],
    ["Power loss", "not promised: Fluvio acknowledges before its disk has it, and only the leader does"],
    ...(topics.length === 0
      ? []
      : [
          ["Topics", topics.map(({ topic, partitions }) => `${topic} (${partitions} partition(s))`).join(", ")],
          ["Kept on", `${replicas} server(s)`],
          ["Kept for", topics.map((one) => `${one.topic} ${retentionOf(one)}`).join(", ")],
          ["Holds", `${records} records, ${Math.ceil(bytes / 1024)} KiB`],
        ]),
    ...(missing.length > 0 ? [["Missing", `${missing.join(", ")}: run "npm run setup"`]] : []),
    ...(away.length > 0 ? [["Away", `${away.join(", ")}: start the SPU that has them`]] : []),
  ];
  return { rows, sound: missing.length === 0 && away.length === 0 };
}
