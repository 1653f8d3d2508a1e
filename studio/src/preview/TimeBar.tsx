import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconPlayerSkipBack, IconPlayerSkipForward } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useStore } from "zustand";
import { useDesk } from "../app/editor/desk.js";
import classes from "./Preview.module.css";
import { previewOf } from "./preview-store.js";
import { momentWords } from "./preview-words.js";

// Before the first answer there is nowhere to go: then it is a picture.
const MomentSlider = lazy(() => import("./MomentSlider.js").then((module) => ({ default: module.MomentSlider })));
const StillTrack = () => <div className={classes.still} aria-hidden />;

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
      <Suspense fallback={<StillTrack />}>
        {count === 0 ? (
          <StillTrack />
        ) : (
          <MomentSlider
            count={count}
            at={at}
            words={trace ? momentWords(trace) : ""}
            change={(to) => to !== at && go(to)}
          />
        )}
      </Suspense>
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
