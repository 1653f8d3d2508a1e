import { Button, Text } from "@mantine/core";
import { IconCloudX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { useDesk } from "../app/editor/desk.js";
import { Notice } from "../app/Notice.js";
import { useSession } from "../app/session.js";
import { DebugDrawer } from "./DebugDrawer.js";
import classes from "./Preview.module.css";
import { PreviewBar } from "./PreviewBar.js";
import { PreviewFrame } from "./PreviewFrame.js";
import { PreviewNotices } from "./PreviewNotices.js";
import { previewOf, startPreview } from "./preview-store.js";
import { TimeBar } from "./TimeBar.js";

export type FrameSize = "phone" | "desktop";

/** The widget beside the drawing, on the draft, and what one may do with the conversation. */
export function PreviewPane() {
  const desk = useDesk();
  const { socket } = useSession();
  const store = previewOf(desk.editor);
  const { status, refusal, ticket, says, link } = useStore(store);
  const [size, setSize] = useState<FrameSize>("phone");
  const [watching, setWatching] = useState(false);
  useEffect(() => startPreview(desk, socket), [desk, socket]);
  useEffect(() => {
    if (!watching || link === undefined || ticket === undefined) return;
    store.setState({ lines: [] });
    link.move({ watch: true });
    return () => link.move({ watch: false });
  }, [watching, link, ticket, store]);
  return (
    <div className={classes.pane} data-size={size}>
      <PreviewBar size={size} setSize={setSize} watching={watching} setWatching={setWatching} />
      {status === "refused" ? (
        <Notice icon={IconCloudX} title="No preview" alert actions={<Again />}>
          {refusal}
        </Notice>
      ) : (
        <>
          <PreviewFrame ticket={ticket} />
          {/* Below: what comes and goes moves no message. */}
          <PreviewNotices />
          {status === "offline" && (
            <Text size="sm" className={classes.notice ?? ""} role="status">
              The server cannot be reached. The preview goes on as soon as it can.
            </Text>
          )}
          <TimeBar />
        </>
      )}
      {watching && <DebugDrawer close={() => setWatching(false)} />}
      <div className="parley-unseen" role="status" data-preview-says>
        {says}
      </div>
    </div>
  );
}

function Again() {
  const { editor } = useDesk();
  const { link } = useStore(previewOf(editor));
  return <Button onClick={() => link?.move({})}>Try again</Button>;
}
