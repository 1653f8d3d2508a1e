import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useDesk } from "../app/editor/desk.js";

/** Brings something earlier back. Also while the text of the file cannot be read: it is then replaced. */
export function RestoreButton({ what, restore }: { what: string; restore: () => Promise<void> }) {
  const { mayWrite } = useDesk();
  const [busy, setBusy] = useState(false);
  const run = () => {
    setBusy(true);
    restore()
      .catch((error: unknown) => {
        notifications.show({ id: "restored", color: "red", message: (error as Error).message });
      })
      .finally(() => setBusy(false));
  };
  if (!mayWrite) return null;
  return (
    // It stays a button while it works: the keyboard is on it.
    <Button
      size="compact-sm"
      variant="light"
      aria-disabled={busy}
      aria-label={`Restore ${what}`}
      onClick={() => !busy && run()}
    >
      Restore
    </Button>
  );
}
