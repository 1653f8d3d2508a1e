import { Table, Text } from "@mantine/core";
import type { Delivery } from "@parley/shared/api/webhooks";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import classes from "./Settings.module.css";

const KINDS: Readonly<Record<Delivery["kind"], string>> = {
  "conversation.waiting": "Waits for a person",
  "conversation.taken": "Taken by a person",
  "conversation.ended": "Goes on without a person",
  "webhook.test": "Test",
};

/** What was sent to a webhook of late, and what came of it. */
export function Deliveries({ webhook }: { webhook: string }) {
  const { api } = useSession();
  const { load } = useLoad(
    async (signal) => (await api("GET /api/webhooks/{webhook}/deliveries", { path: { webhook }, signal })).value,
    webhook,
  );
  // Beside the webhook itself this is an extra: what is wrong with the server is said above.
  if (load.state !== "ready") return null;
  const { deliveries } = load.value;
  if (deliveries.length === 0)
    return (
      <Text size="sm" c="dimmed" mt="xs">
        Nothing was sent yet.
      </Text>
    );
  return (
    <div className={classes.scroll}>
      <Table mt="xs" fz="sm" aria-label="Last deliveries">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>Outcome</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <Table.Tr key={delivery.event}>
              <Table.Td>{new Date(delivery.at).toLocaleString()}</Table.Td>
              <Table.Td>{KINDS[delivery.kind]}</Table.Td>
              <Table.Td {...(delivery.state === "given-up" && { c: "var(--parley-problem)" })}>
                {outcomeOf(delivery)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** What came of it, in a sentence. */
function outcomeOf({ kind, state, tries, next, status, problem }: Delivery): string {
  const answer = problem ?? (status === undefined ? "" : `It answered with status ${status}.`);
  if (state === "delivered") return `Delivered, with status ${status}.`;
  if (state === "given-up") return kind === "webhook.test" ? answer : `Given up after ${tries} tries. ${answer}`;
  if (tries === 0 || next === undefined) return "It is being sent.";
  const again = new Date(next).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return `${answer} It is tried again at ${again}.`;
}
