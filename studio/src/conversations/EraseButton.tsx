import { Button } from "@mantine/core";
import { IconEraser } from "@tabler/icons-react";
import { useState } from "react";
import { EraseDialog } from "./EraseDialog.js";

type EraseButtonProps = { flow: string; id: string; onErasing: (erasing: boolean) => void };

/** Erases a visitor's conversation, after it was asked for by name. */
export function EraseButton({ flow, id, onErasing }: EraseButtonProps) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        c="var(--parley-problem)"
        leftSection={<IconEraser size={16} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        Erase
      </Button>
      <EraseDialog flow={flow} id={id} opened={opened} close={() => setOpened(false)} onErasing={onErasing} />
    </>
  );
}
