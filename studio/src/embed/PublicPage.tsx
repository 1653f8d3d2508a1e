import { Anchor, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { useLive } from "../publish/use-live.js";
import { QrCode } from "../qr/QrCode.js";
import classes from "./PublicPage.module.css";
import { Snippet } from "./Snippet.js";
import { frameOf, pageOf } from "./snippets.js";

/** The flow's own page: its address, to be copied, opened or photographed, and the frame that holds it on a site. */
export function PublicPage({ server, loopback }: { server: string; loopback: boolean }) {
  const { editor } = useDesk();
  const { flowId } = editor.drawn.getState();
  const { version } = useLive();
  const title = useEditor((state) => state.draft.settings.title) || flowId;
  const address = pageOf(server, flowId);
  if (!version) {
    return (
      <Text size="sm" c="dimmed">
        Once it is published it has a page of its own, for a link or a QR code.
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" mb={8}>
        The conversation as a whole page, for a link, a QR code or a phone:
      </Text>
      <Snippet label="Address of its page" text={address} />
      <div className={classes.open}>
        {!loopback && <QrCode text={address} label="QR code of its page" />}
        <div className={classes.words}>
          <Anchor href={address} target="_blank" rel="noopener" size="sm">
            Open its page <IconExternalLink size={14} aria-hidden />
          </Anchor>
          <Text size="sm" c="dimmed">
            {loopback
              ? "A QR code stands here once a phone can open this address."
              : "The camera of a phone opens it by the QR code."}
          </Text>
        </div>
      </div>
      <Text size="sm" mt="sm" mb={8}>
        The same in a frame of an allowed site, where no script may be added:
      </Text>
      <Snippet label="Frame" text={frameOf(server, flowId, title)} />
    </>
  );
}
