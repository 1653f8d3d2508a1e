import { notifications } from "@mantine/notifications";
import { useEffect, useState } from "react";
import { useDesk } from "./desk.js";

/** What a command said beyond the obvious, shown for a moment and read out. */
export function Says() {
  const { editor } = useDesk();
  const [said, setSaid] = useState("");
  useEffect(
    () =>
      editor.subscribe(({ says }, before) => {
        if (says === before.says) return;
        setSaid(says ?? "");
        if (says !== undefined) notifications.show({ id: "says", message: says, autoClose: 5000 });
      }),
    [editor],
  );
  return (
    <div className="parley-unseen" role="status">
      {said}
    </div>
  );
}
