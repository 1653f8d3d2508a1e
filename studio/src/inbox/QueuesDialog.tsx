import { ActionIcon, Button, Checkbox, Group, Modal, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import type { Queue, QueueSettings, Staff } from "@parley/shared/api/inbox";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { WeekHours } from "./WeekHours.js";

type QueuesProps = { people: Staff["people"]; close: () => void };

/** The queues that conversations wait in: when each is open, and whose work it is. */
export function QueuesDialog({ people, close }: QueuesProps) {
  const { api } = useSession();
  const [edited, setEdited] = useState<Queue | "new">();
  const { load, retry, reload } = useLoad(async (signal) => (await api("GET /api/queues", { signal })).value, "queues");
  const done = () => {
    setEdited(undefined);
    reload();
  };
  const title = edited === undefined ? "Queues" : edited === "new" ? "A new queue" : edited.name;
  return (
    <Modal opened onClose={close} title={title} size="lg">
      {edited === undefined ? (
        <Loaded load={load} retry={retry} what="The queues" loading={<Text>Loading…</Text>}>
          {({ queues }) => (
            <Stack>
              <Text size="sm" c="dimmed">
                A step “Hand over to a person” names a queue. One that is not set here is always open and everybody's.
              </Text>
              {queues.length === 0 && <Text>There is no queue yet.</Text>}
              {queues.map((queue) => (
                <Group key={queue.id} justify="space-between" wrap="nowrap">
                  <div>
                    <Text fw={600}>{queue.name}</Text>
                    <Text size="sm" c="dimmed">
                      {queue.hours === undefined ? "Always open" : `By hours, ${queue.zone}`} ·{" "}
                      {queue.members.length === 0 ? "everybody" : `${queue.members.length} people`}
                    </Text>
                  </div>
                  <Button variant="default" size="xs" onClick={() => setEdited(queue)}>
                    Change
                  </Button>
                </Group>
              ))}
              <Group justify="flex-end">
                <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited("new")}>
                  Add a queue
                </Button>
              </Group>
            </Stack>
          )}
        </Loaded>
      ) : (
        <QueueForm queue={edited === "new" ? undefined : edited} people={people} done={done} />
      )}
    </Modal>
  );
}

type FormProps = { queue: Queue | undefined; people: Staff["people"]; done: () => void };

function QueueForm({ queue, people, done }: FormProps) {
  const { api } = useSession();
  const [settings, setSettings] = useState<QueueSettings>(() => ({
    name: queue?.name ?? "",
    zone: queue?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    members: queue?.members ?? [],
    ...(queue?.hours && { hours: queue.hours }),
  }));
  const [problem, setProblem] = useState<string>();
  const change = (change: Partial<QueueSettings>) => setSettings((before) => ({ ...before, ...change }));
  const run = (work: Promise<unknown>) =>
    work.then(done, (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (queue) void run(api("PUT /api/queues/{queue}", { path: { queue: queue.id }, body: settings }));
    else void run(api("POST /api/queues", { body: settings }));
  };
  const { hours, ...rest } = settings;
  return (
    <form onSubmit={save}>
      <Stack>
        <TextInput
          data-autofocus
          label="Name"
          description="As steps name it"
          required
          maxLength={64}
          value={settings.name}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        />
        <MultiSelect
          label="People"
          placeholder={settings.members.length === 0 ? "Everybody who answers" : ""}
          data={people.map(({ id, name }) => ({ value: id, label: name }))}
          value={settings.members}
          onChange={(members) => change({ members })}
          searchable
        />
        <Checkbox
          label="Open at certain hours only"
          checked={hours !== undefined}
          onChange={({ currentTarget }) => (currentTarget.checked ? change({ hours: OFFICE }) : setSettings(rest))}
        />
        {hours !== undefined && (
          <>
            <Select
              label="Time zone"
              data={[...new Set(["UTC", settings.zone, ...Intl.supportedValuesOf("timeZone")])]}
              value={settings.zone}
              onChange={(zone) => zone !== null && change({ zone })}
              searchable
            />
            <WeekHours hours={hours} change={(hours) => change({ hours })} />
          </>
        )}
        {problem !== undefined && (
          <Text size="sm" c="var(--parley-problem)" role="alert">
            {problem}
          </Text>
        )}
        <Group justify="space-between">
          {queue ? (
            <ActionIcon
              variant="default"
              size={36}
              aria-label={`Remove the queue ${queue.name}`}
              onClick={() => void run(api("DELETE /api/queues/{queue}", { path: { queue: queue.id } }))}
            >
              <IconTrash size={17} aria-hidden />
            </ActionIcon>
          ) : (
            <span />
          )}
          <Group gap="xs">
            <Button variant="default" onClick={done}>
              Cancel
            </Button>
            <Button type="submit">Save</Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

const OFFICE = [1, 2, 3, 4, 5].map((day) => ({ day, from: "09:00", to: "17:00" }));
