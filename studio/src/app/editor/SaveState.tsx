import { Text, Tooltip } from "@mantine/core";
import type { SaveState as State } from "../../editor/autosave.js";
import { useEditor } from "./desk.js";

const WORDS: Readonly<Record<State, { label: string; says: string; colour?: "hint" | "problem" }>> = {
  saved: { label: "Saved", says: "Everything is saved on the server." },
  saving: { label: "Saving…", says: "Your last changes are on their way." },
  offline: {
    label: "Offline, kept here",
    says: "The server cannot be reached. Your changes are kept on this device and saved as soon as it can.",
    colour: "hint",
  },
  conflict: {
    label: "Somebody else changed this too",
    says: "Choose between both where it is marked.",
    colour: "problem",
  },
  error: { label: "Not saved", says: "The server does not take the changes.", colour: "problem" },
};

/** How it is with saving, honestly. */
export function SaveState() {
  const save = useEditor((state) => state.save);
  const error = useEditor((state) => state.saveError);
  const { label, says, colour } = WORDS[save];
  return (
    <Tooltip label={error ?? says} multiline maw={280} position="bottom-start">
      <Text
        size="xs"
        c={colour ? `var(--parley-${colour})` : "dimmed"}
        truncate
        role="status"
        w="fit-content"
        maw="100%"
      >
        {label}
      </Text>
    </Tooltip>
  );
}
