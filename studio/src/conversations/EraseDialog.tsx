import { Button, Group, List, Loader, Modal, Stack, Text, TextInput } from "@mantine/core";
import type { Erasure } from "@parley/shared/api/conversations";
import { type FormEvent, useEffect, useState } from "react";
import { conversationsPath, navigate } from "../app/router.js";
import { useSession } from "../app/session.js";

type EraseDialogProps = {
  flow: string;
  id: string;
  opened: boolean;
  close: () => void;
  onErasing: (erasing: boolean) => void;
};
/** Between two looks whether it is done, ms. */
const LOOK = 1_000;

/** Asks for the conversation's name, erases it, and says what went with it and what did not. */
export function EraseDialog({ flow, id, opened, close, onErasing }: EraseDialogProps) {
  const { api } = useSession();
  const name = id.slice(0, 8);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [erasure, setErasure] = useState<Erasure>();
  const waits = erasure !== undefined && !erasure.done;
  useEffect(() => {
    if (!waits) return;
    const abort = new AbortController();
    const look = async () => {
      const { value } = await api("GET /api/flows/{flow}/erasures", { path: { flow }, signal: abort.signal });
      const now = value.erasures.find(({ conversation }) => id.startsWith(conversation));
      if (now) setErasure(now);
    };
    const timer = setInterval(() => void look().catch(() => undefined), LOOK);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [waits, api, flow, id]);
  const erase = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    onErasing(true);
    try {
      const path = { flow, conversation: id };
      setErasure((await api("DELETE /api/flows/{flow}/conversations/{conversation}", { path })).value);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      onErasing(false);
    } finally {
      setBusy(false);
    }
  };
  const leave = () => {
    if (erasure) navigate(conversationsPath(flow));
    else close();
  };
  return (
    <Modal opened={opened} onClose={leave} title={erasure ? "Erasing" : "Erase this conversation?"}>
      {erasure ? (
        <Stack gap="md">
          <Outcome erasure={erasure} />
          <Group justify="flex-end">
            <Button onClick={leave}>Close</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={(event) => void erase(event)}>
          <Stack gap="md">
            <Text>
              Everything this visitor said goes, with all conversations of the same visitor here and the tests made from
              it. The visitor's page is told, and begins anew. This cannot be undone.
            </Text>
            <TextInput
              label={`To erase it, type its name: ${name}`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
              error={problem}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Keep it
              </Button>
              <Button type="submit" color="red" loading={busy} disabled={typed.trim() !== name}>
                Erase for good
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Outcome({ erasure: { done, waits, tests, copies, stays, since } }: { erasure: Erasure }) {
  return (
    <Stack gap="sm" role="status">
      {done ? (
        <Text fw={600}>It is erased: no file of the server holds it any more.</Text>
      ) : (
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Loader size="sm" aria-hidden />
          <div>
            <Text fw={600}>Nobody can see it any more, and it is not yet out of all files.</Text>
            <Text size="sm">{waits ?? "The server is at it."} The server tries again by itself.</Text>
          </div>
        </Group>
      )}
      {tests.length > 0 && <Named words="These tests were made from it and are gone as well:" names={tests} />}
      {copies.length > 0 && <Named words="These files in the data folder still hold it. Delete them:" names={copies} />}
      {stays !== undefined && <Text size="sm">{stays}</Text>}
      {since !== undefined && (
        <Text size="sm" c="dimmed">
          Backups and exports made since {new Date(since).toLocaleString()} may still hold it: delete those, or make
          them anew.
        </Text>
      )}
    </Stack>
  );
}

function Named({ words, names }: { words: string; names: readonly string[] }) {
  return (
    <div>
      <Text size="sm">{words}</Text>
      <List size="sm">
        {names.map((name) => (
          <List.Item key={name}>{name}</List.Item>
        ))}
      </List>
    </div>
  );
}
