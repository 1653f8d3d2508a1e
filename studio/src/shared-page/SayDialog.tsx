import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { COMMENT_LENGTH } from "@parley/shared/api/links";
import { type FormEvent, useState } from "react";

const NAME = "parley-reader";

type SayProps = {
  title: string;
  /** What it is about, in a sentence. */
  about: string;
  /** Whether something is written along. */
  writes: boolean;
  /** What the button does. */
  label: string;
  close: () => void;
  /** @throws Error with a sentence */
  say: (author: string, text: string) => Promise<void>;
};

/** What a reader says to who made the link: his name, as he likes, and a text. */
export function SayDialog({ title, about, writes, label, close, say }: SayProps) {
  const [author, setAuthor] = useState(() => keptName());
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const [sending, setSending] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (sending) return;
    if (writes && text.trim() === "") return setProblem("Write something first.");
    setSending(true);
    try {
      await say(author, text);
      keepName(author);
      close();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setSending(false);
    }
  };
  return (
    <Modal opened onClose={close} title={title} portalProps={{ target: "#overlays" }} closeButtonProps={CLOSE}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {about}
          </Text>
          {writes && (
            <Textarea
              label="Comment"
              autosize
              minRows={3}
              maxRows={10}
              maxLength={COMMENT_LENGTH}
              data-autofocus
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
          )}
          <TextInput
            label="Your name"
            description="So that they know who it is. You can leave it empty."
            maxLength={64}
            autoComplete="name"
            {...(!writes && { "data-autofocus": true })}
            value={author}
            onChange={({ currentTarget }) => setAuthor(currentTarget.value)}
          />
          {problem !== undefined && (
            <Text size="sm" c="var(--parley-problem)" role="alert">
              {problem}
            </Text>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={sending}>
              {label}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const CLOSE = { "aria-label": "Close" };

/** Storage may be switched off: then the name is asked for again. */
function keptName(): string {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

function keepName(name: string): void {
  try {
    localStorage.setItem(NAME, name);
  } catch {
    // It is asked for again.
  }
}
