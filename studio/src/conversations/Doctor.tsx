import { Drawer, Stack, Table, Text, Title } from "@mantine/core";
import type { ConversationDiagnosis } from "@parley/shared/api/conversations";
import { useEffect } from "react";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import classes from "./Doctor.module.css";
import { kindWords, openWords, whoWords } from "./doctor-words.js";

type DoctorProps = { flow: string; id: string; close: () => void };

/** How a conversation stands by its log: where it is, what is open, what will happen by itself, its last records. */
export function Doctor({ flow, id, close }: DoctorProps) {
  const { api, socket } = useSession();
  const { load, retry, reload } = useLoad(
    async (signal) =>
      (
        await api("GET /api/flows/{flow}/conversations/{conversation}/diagnosis", {
          path: { flow, conversation: id },
          signal,
        })
      ).value,
    id,
  );
  useEffect(
    () =>
      socket.listen((news) => {
        if (news.kind === "Opened" || (news.kind === "Happened" && news.conversation === id)) reload();
      }),
    [socket, id, reload],
  );
  return (
    <Drawer opened onClose={close} position="right" size="lg" title="How this conversation stands">
      <Loaded load={load} retry={retry} what="How it stands" loading={<Text size="sm">Reading…</Text>}>
        {(found) => <Findings found={found} />}
      </Loaded>
    </Drawer>
  );
}

const time = (at: string) => <time dateTime={at}>{new Date(at).toLocaleString()}</time>;

function Findings({ found }: { found: ConversationDiagnosis }) {
  const { version, state, step, open, unanswered, timers, stopped, records, total } = found;
  return (
    <Stack gap="md">
      <dl className={classes.facts}>
        <dt>Is at</dt>
        <dd>{step ?? state ?? "its beginning"}</dd>
        <dt>Version</dt>
        <dd>{version}</dd>
        <dt>Open</dt>
        {open.length === 0 && <dd>Nothing: it has ended, or the bot has not answered yet</dd>}
        {open.map((one) => (
          <dd key={`${one.since} ${one.state}`} style={{ gridColumn: 2 }}>
            {openWords(one)}, since {time(one.since)}
          </dd>
        ))}
        <dt>Not answered yet</dt>
        <dd>{unanswered === 0 ? "Nothing" : `${unanswered} of what came in`}</dd>
        <dt>Timers</dt>
        {timers.length === 0 && <dd>None</dd>}
        {timers.map(({ at }) => (
          <dd key={at} style={{ gridColumn: 2 }}>
            Nobody will have come in time at {time(at)}
          </dd>
        ))}
        {stopped !== undefined && (
          <>
            <dt>Stopped</dt>
            <dd>It holds something that this server is too old to read. Bring the server up to date.</dd>
          </>
        )}
      </dl>
      <div>
        <Title order={2} size="h5" mb={4}>
          {total > records.length ? `The last ${records.length} of ${total} records` : "Its records"}
        </Title>
        <Table.ScrollContainer minWidth={420}>
          <Table className={classes.records ?? ""} verticalSpacing={4} horizontalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th>What</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {records.map((record) => (
                <Table.Tr key={record.id} {...(record.void && { className: classes.void ?? "" })}>
                  <Table.Td>{time(record.at)}</Table.Td>
                  <Table.Td>{whoWords(record)}</Table.Td>
                  <Table.Td>
                    {kindWords(record)}
                    {record.void && <span className="parley-unseen"> (does not count)</span>}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </div>
    </Stack>
  );
}
