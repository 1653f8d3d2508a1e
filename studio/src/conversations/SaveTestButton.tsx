import { Button, Popover, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { ConversationDetail } from "@parley/shared/api/conversations";
import { makeScenario } from "@parley/shared/scenario/make-scenario";
import { IconChecklist } from "@tabler/icons-react";
import { type FormEvent, useMemo, useState } from "react";
import { useSession } from "../app/session.js";
import { putScenario, suggestedTitle } from "../tests/save-test.js";
import { runsIn } from "./way.js";

/** Keeps a real conversation as a test of its flow. The test names it, and is erased with it. */
export function SaveTestButton({ flow, conversation }: { flow: string; conversation: ConversationDetail }) {
  const { api } = useSession();
  const { id, events, values, status } = conversation;
  const runs = useMemo(() => runsIn(events), [events]);
  const [opened, setOpened] = useState(false);
  const [title, setTitle] = useState("");
  const [problem, setProblem] = useState<string>();
  const open = () => {
    setTitle(suggestedTitle(runs.flatMap(({ input }) => input ?? []) as Parameters<typeof suggestedTitle>[0]));
    setProblem(undefined);
    setOpened((before) => !before);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const told = { runs, variables: values, ended: status === "ended" };
    const wrong = await putScenario(api, flow, makeScenario(told, { title: title.trim(), from: id.slice(0, 40) }));
    setProblem(wrong);
    if (wrong !== undefined) return;
    setOpened(false);
    notifications.show({ id: "test-saved", message: `“${title.trim()}” is a test now.` });
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus width={280}>
      <Popover.Target>
        <Button variant="default" leftSection={<IconChecklist size={16} aria-hidden />} onClick={open}>
          Save as a test
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={(event) => void save(event)}>
          <Stack gap="xs">
            <TextInput
              label="Name of the test"
              value={title}
              maxLength={100}
              error={problem}
              onChange={({ currentTarget }) => setTitle(currentTarget.value)}
            />
            <Button type="submit" size="xs" disabled={title.trim() === ""}>
              Save
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
