import { Button, Group, Modal, NativeSelect, Skeleton, Stack, Table, Text } from "@mantine/core";
import type { FigureRow } from "@parley/shared/api/inbox";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";

const SPANS = [
  { value: "1", label: "Today" },
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
];
const DAY = 86_400_000;

/** How long visitors wait and people take, by day and queue. */
export function FiguresDialog({ close }: { close: () => void }) {
  const { api } = useSession();
  const [days, setDays] = useState("7");
  const from = new Date(Date.now() - (Number(days) - 1) * DAY).toISOString().slice(0, 10);
  const { load, retry } = useLoad(
    async (signal) => (await api("GET /api/figures", { query: { from }, signal })).value,
    from,
  );
  return (
    <Modal opened onClose={close} title="Figures" size={980}>
      <Stack>
        <Group justify="space-between">
          <NativeSelect
            aria-label="Which days"
            value={days}
            onChange={({ currentTarget }) => setDays(currentTarget.value)}
            data={SPANS}
          />
          <Button
            component="a"
            href={`/api/export/figures?from=${from}`}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Table (CSV)
          </Button>
        </Group>
        <Loaded load={load} retry={retry} what="The figures" loading={<Skeleton height={240} />}>
          {({ rows, catchingUp }) => (
            <>
              {catchingUp !== undefined && (
                <Text size="sm" c="dimmed">
                  {`The server reads what happened before: ${catchingUp} % so far.`}
                </Text>
              )}
              {rows.length === 0 ? (
                <Text c="dimmed">Nothing was handed over in these days.</Text>
              ) : (
                <Rows rows={rows} />
              )}
            </>
          )}
        </Loaded>
        <Text size="sm" c="dimmed">
          Days begin at midnight UTC. Times: the middle one, and below which nine of ten are.
        </Text>
      </Stack>
    </Modal>
  );
}

function Rows({ rows }: { rows: readonly FigureRow[] }) {
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Figures by day and queue" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {["Day", "Queue", "Handed over", "Answered", "Missed", "By hand", "Waiting", "Handling"].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.day} ${row.queue}`}>
              <Table.Td>{row.day}</Table.Td>
              <Table.Td>{row.queue}</Table.Td>
              <Table.Td>{row.asked}</Table.Td>
              <Table.Td>{row.answered}</Table.Td>
              <Table.Td>{row.missed}</Table.Td>
              <Table.Td>{row.byHand}</Table.Td>
              <Table.Td>{times(row.waitMedian, row.wait90)}</Table.Td>
              <Table.Td>{times(row.handleMedian, row.handle90)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const times = (median: number | undefined, ninety: number | undefined): string =>
  median === undefined || ninety === undefined ? "–" : `${inWords(median)} · ${inWords(ninety)}`;

/** @param seconds whole */
function inWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
