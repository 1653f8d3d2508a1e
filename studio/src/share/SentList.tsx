import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { DraftLinks } from "@parley/shared/api/links";
import { useState } from "react";
import { useDesk } from "../app/editor/desk.js";
import { ago } from "../app/flows/ago.js";
import { saveTest, suggestedTitle } from "../tests/save-test.js";
import { Section } from "./Section.js";
import classes from "./Share.module.css";

type Sent = DraftLinks["sent"][number];

/** Conversations that readers sent: each can be kept as a test, or removed. */
export function SentList({ sent, changed }: { sent: readonly Sent[]; changed: () => void }) {
  if (sent.length === 0) return null;
  return (
    <Section title="Conversations from readers">
      <ul className={classes.list} aria-label="Conversations from readers">
        {sent.map((one) => (
          <SentRow key={one.id} sent={one} changed={changed} />
        ))}
      </ul>
    </Section>
  );
}

function SentRow({ sent, changed }: { sent: Sent; changed: () => void }) {
  const desk = useDesk();
  const { id, author, at, answers } = sent;
  const [said, setSaid] = useState<{ text: string; wrong: boolean }>();
  const path = { flow: desk.editor.getState().flowId, sent: id };
  const attempt = async (act: () => Promise<string | undefined>) => {
    try {
      const wrong = await act();
      if (wrong !== undefined) setSaid({ text: wrong, wrong: true });
    } catch (error) {
      setSaid({ text: error instanceof Error ? error.message : String(error), wrong: true });
    }
  };
  const keep = () =>
    attempt(async () => {
      const { inputs } = (await desk.api("GET /api/flows/{flow}/sent/{sent}", { path })).value;
      const title = suggestedTitle(inputs);
      const wrong = await saveTest(desk, { title, inputs, start: undefined });
      if (wrong !== undefined) return wrong;
      setSaid({ text: `It is the test “${title}” now.`, wrong: false });
      notifications.show({ id: "test-saved", message: `“${title}” is a test now.` });
      return undefined;
    });
  const remove = () =>
    attempt(async () => {
      await desk.api("DELETE /api/flows/{flow}/sent/{sent}", { path });
      changed();
      return undefined;
    });
  return (
    <li className={classes.row}>
      <div className={classes.words}>
        {author}
        <Text size="xs" c={said?.wrong ? "var(--parley-problem)" : "dimmed"}>
          {said?.text ?? `${answers === 1 ? "1 answer" : `${answers} answers`}, sent ${ago(at, Date.now())}`}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        <Button
          size="compact-sm"
          variant="light"
          aria-label={`Save the conversation of ${author} as a test`}
          onClick={() => void keep()}
        >
          Save as a test
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Remove the conversation of ${author}`}
          onClick={() => void remove()}
        >
          Remove
        </Button>
      </Group>
    </li>
  );
}
