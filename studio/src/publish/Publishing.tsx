import { useCallback, useState } from "react";
import { useDesk } from "../app/editor/desk.js";
import { Loaded } from "../app/Loaded.js";
import { useLoad } from "../app/use-load.js";
import { DialogSkeleton } from "./DialogSkeleton.js";
import { PublishDone } from "./PublishDone.js";
import { PublishForm } from "./PublishForm.js";
import { readPublishing } from "./read-publishing.js";

/** What is in the dialog: it is loaded when something is first published. */
export function Publishing({ back, close }: { back: string | undefined; close: () => void }) {
  const desk = useDesk();
  const { load, reload, retry } = useLoad((signal) => readPublishing(desk, back, signal), back ?? "draft");
  const [done, setDone] = useState<number>();
  const [why, setWhy] = useState<string>();
  // What was refused since somebody else was first is shown over what is there now.
  const again = useCallback(
    (message: string) => {
      setWhy(message);
      reload();
    },
    [reload],
  );
  if (done !== undefined) return <PublishDone version={done} close={close} />;
  return (
    <Loaded load={load} retry={retry} what="What is live" loading={<DialogSkeleton />}>
      {(publishing) => (
        <PublishForm
          publishing={publishing}
          back={back}
          why={why}
          setWhy={setWhy}
          again={again}
          done={setDone}
          close={close}
        />
      )}
    </Loaded>
  );
}
