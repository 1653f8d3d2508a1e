import { ActionIcon, Slider, Text, Tooltip } from "@mantine/core";
import { IconPlayerSkipBack, IconPlayerSkipForward } from "@tabler/icons-react";
import { useStore } from "zustand";
import { useDesk } from "../app/editor/desk.js";
import classes from "./Preview.module.css";
import { previewOf } from "./preview-store.js";
import { momentWords } from "./preview-words.js";

/** Back and forth in time, answer by answer: drawing and widget show that moment. */
export function TimeBar() {
  const { editor } = useDesk();
  const { trace, link } = useStore(previewOf(editor));
  const count = trace?.inputs.length ?? 0;
  const at = trace?.at ?? 0;
  const go = (to: number) => link?.move({ at: to >= count ? null : Math.max(0, to) });
  return (
    <div className={classes.time}>
      <Tooltip label="One answer back">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="One answer back"
          aria-disabled={at === 0}
          onClick={() => at > 0 && link?.stepBy(-1)}
        >
          <IconPlayerSkipBack size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Slider
        className={classes.slider ?? ""}
        size="sm"
        min={0}
        max={Math.max(1, count)}
        value={at}
        disabled={count === 0}
        label={null}
        thumbLabel="Moment of the conversation"
        thumbProps={{ "aria-valuetext": trace ? momentWords(trace) : "" }}
        onChange={(to) => to !== at && go(to)}
      />
      <Tooltip label="One answer on">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="One answer on"
          aria-disabled={at >= count}
          onClick={() => at < count && link?.stepBy(1)}
        >
          <IconPlayerSkipForward size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Text size="xs" c="dimmed" className={classes.moment ?? ""}>
        {trace ? momentWords(trace) : ""}
      </Text>
    </div>
  );
}
