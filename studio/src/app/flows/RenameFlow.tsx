import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import type { FlowSummary } from "@parley/shared/api/flows";
import { type FormEvent, useState } from "react";
import { useReturnFocus } from "../../commands/use-return-focus.js";

type RenameProps = {
  flow: FlowSummary;
  opened: boolean;
  close: () => void;
  rename: (flow: string, title: string) => Promise<void>;
};

export function RenameFlow({ flow, opened, close, rename }: RenameProps) {
  const back = useReturnFocus(opened);
  const leave = () => {
    close();
    back();
  };
  return (
    <Modal opened={opened} onClose={leave} title="Rename" returnFocus={false}>
      <RenameForm flow={flow} close={leave} rename={rename} />
    </Modal>
  );
}

function RenameForm({ flow, close, rename }: Omit<RenameProps, "opened">) {
  const [title, setTitle] = useState(flow.title);
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    rename(flow.id, title.trim()).then(close, (error: unknown) => {
      setBusy(false);
      setFailure((error as Error).message);
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Title"
          description="Visitors read it above the conversation."
          data-autofocus
          maxLength={100}
          value={title}
          error={failure}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={title.trim() === ""}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
