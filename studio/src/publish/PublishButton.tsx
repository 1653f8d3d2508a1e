import { Button, Tooltip } from "@mantine/core";
import { IconCircleCheck, IconCloudUpload } from "@tabler/icons-react";
import { useDesk } from "../app/editor/desk.js";
import { ago } from "../app/flows/ago.js";
import type { Live } from "./live.js";
import { overlayName } from "./overlay-name.js";
import classes from "./PublishButton.module.css";
import { useChanged, useLive } from "./use-live.js";

/** Whether what visitors talk to is what one sees, and the way to make it so. */
export function PublishButton() {
  const { bench } = useDesk();
  const live = useLive();
  const changed = useChanged();
  const Icon = changed ? IconCloudUpload : IconCircleCheck;
  return (
    <Tooltip label={liveWords(live, changed)} multiline maw={280}>
      <Button
        size="sm"
        className={classes.button ?? ""}
        variant={changed ? "filled" : "default"}
        leftSection={<Icon size={17} stroke={1.8} aria-hidden />}
        aria-describedby="live-words"
        onClick={() => bench.setState({ over: overlayName("publish") })}
      >
        {changed ? "Publish" : "Published"}
        <span id="live-words" className="parley-unseen">
          {liveWords(live, changed)}
        </span>
      </Button>
    </Tooltip>
  );
}

function liveWords({ version, down }: Live, changed: boolean): string {
  if (version) {
    const since = `Version ${version.version} is live since ${ago(version.at, Date.now())}`;
    return changed ? `Unpublished changes: ${since}.` : `${since}, and says the same.`;
  }
  if (down) return `Taken down ${ago(down.at, Date.now())} by ${down.by}: nobody can begin a conversation.`;
  return "Not published yet: nobody can talk to it.";
}
