import { ActionIcon, Button, Popover, Stack, TextInput, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChecklist } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useDesk } from "../app/editor/desk.js";
import { saveTest, suggestedTitle } from "../tests/save-test.js";
import { previewOf } from "./preview-store.js";

/** Keeps the conversation as a test: from then on the flow has to say the same to the same answers. */
export function SaveAsTest() {
  const desk = useDesk();
  const [opened, setOpened] = useState(false);
  const [title, setTitle] = useState("");
  const [problem, setProblem] = useState<string>();
  const open = () => {
    const { trace } = previewOf(desk.editor).getState();
    setTitle(suggestedTitle(trace?.inputs.slice(0, trace.at) ?? []));
    setProblem(undefined);
    setOpened(true);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const { trace, link } = previewOf(desk.editor).getState();
    if (!trace || title.trim() === "") return;
    const wrong = await saveTest(desk, {
      title: title.trim(),
      inputs: trace.inputs.slice(0, trace.at),
      start: link?.kept.start,
    });
    setProblem(wrong);
    if (wrong !== undefined) return;
    setOpened(false);
    notifications.show({ id: "test-saved", message: `“${title.trim()}” is a test now.` });
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus width={280}>
      <Popover.Target>
        <Tooltip label="Save as a test">
          <ActionIcon variant="subtle" color="gray" size={32} aria-label="Save as a test" onClick={open}>
            <IconChecklist size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={(event) => void save(event)}>
          <Stack gap="xs">
            <TextInput
              label="Name of the test"
              value={title}
              maxLength={100}
              data-own-undo
              error={problem}
              onChange={({ currentTarget }) => setTitle(currentTarget.value)}
            />
            <Button type="submit" size="xs">
              Save
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
