import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { IconArrowForwardUp, IconDots, IconPlayerStop, IconRepeat } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Step } from "../document/steps.js";
import type { Deeds } from "./use-deeds.js";
import type { Watched } from "./use-watched.js";

/** A step of the drawing that is in hand. */
export type StepInHand = Pick<Step, "id" | "title">;
type MendProps = { deeds: Deeds; watched: Watched; step: StepInHand | undefined };
type Mend = {
  readonly kind: "Resend" | "Move" | "End";
  readonly title: string;
  readonly text: string;
  readonly button: string;
};

/** What can be done about a conversation that is stuck: each is asked for a reason, which stands on the log. */
export function MendMenu({ deeds, watched, step }: MendProps) {
  const [mend, setMend] = useState<Mend>();
  const [why, setWhy] = useState("");
  const choose = (chosen: Mend) => {
    setWhy("");
    setMend(chosen);
  };
  const close = () => setMend(undefined);
  const run = async (event: FormEvent) => {
    event.preventDefault();
    const kind = mend!.kind;
    const common = { ...(watched.act !== undefined && { after: watched.act }), ...(why.trim() && { why: why.trim() }) };
    if (kind !== "Move") await deeds.act({ kind, ...common });
    else if (step) await deeds.act({ kind, state: step.id, ...common });
    close();
  };
  return (
    <>
      <Menu position="top-end" width={270}>
        <Menu.Target>
          <Tooltip label="Mend this conversation">
            <ActionIcon variant="default" size={30} aria-label="Mend this conversation">
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconRepeat size={16} aria-hidden />}
            disabled={watched.holder !== undefined}
            onClick={() => choose(RESEND)}
          >
            Ask again what is open
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowForwardUp size={16} aria-hidden />}
            disabled={step === undefined}
            onClick={() => step && choose(moveTo(step))}
          >
            {step === undefined ? "Go on at a step (click one first)" : `Go on at “${step.title}”`}
          </Menu.Item>
          <Menu.Item leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={() => choose(END)}>
            End this conversation
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={mend !== undefined} onClose={close} title={mend?.title ?? ""}>
        <form onSubmit={(event) => void run(event)}>
          <Stack gap="sm">
            <Text size="sm">{mend?.text}</Text>
            <TextInput
              data-autofocus
              label="Why"
              placeholder="Kept with the conversation; the visitor does not see it"
              maxLength={200}
              value={why}
              onChange={({ currentTarget }) => setWhy(currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={deeds.busy}>
                {mend?.button}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

const RESEND: Mend = {
  kind: "Resend",
  title: "Ask again what is open?",
  text: "The visitor sees the open question or text field once more, at the end of the conversation.",
  button: "Ask again",
};
const END: Mend = {
  kind: "End",
  title: "End this conversation?",
  text: "Nothing is asked any more. The visitor may start over.",
  button: "End it",
};
const moveTo = ({ title }: StepInHand): Mend => ({
  kind: "Move",
  title: "Go on at another step?",
  text: `Whatever is open is closed, and the bot goes on at “${title}”.`,
  button: "Go on there",
});
