import { Button, Group } from "@mantine/core";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import { KINDS } from "../canvas/kinds.js";
import { askInstead } from "../document/commands/ask.js";

/** A message becomes a question by its first answer, or asks for a text: what was written stays. */
export function AskInstead({ step }: { step: string }) {
  const { editor } = useDesk();
  if (useReadOnly()) return null;
  const ask = (as: "question" | "text", label: string) => {
    const { draft, run } = editor.getState();
    run(askInstead(draft, { step, as }), label);
  };
  return (
    <Group gap={8}>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<KINDS.question.icon size={15} stroke={1.8} aria-hidden />}
        onClick={() => ask("question", "Add an answer")}
      >
        Add an answer
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<KINDS.text.icon size={15} stroke={1.8} aria-hidden />}
        onClick={() => ask("text", "Ask for a text")}
      >
        Ask for text
      </Button>
    </Group>
  );
}
