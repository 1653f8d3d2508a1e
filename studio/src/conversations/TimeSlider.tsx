import { ActionIcon, Group, Slider, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import classes from "./ConversationScreen.module.css";
import type { Said } from "./way.js";

type TimeSliderProps = { said: readonly Said[]; at: number; select: (seq: number) => void };

/** Walks a conversation back and forth, a message at a time. */
export function TimeSlider({ said, at, select }: TimeSliderProps) {
  const index = Math.max(
    0,
    said.findIndex(({ seq }) => seq === at),
  );
  const go = (to: number) => {
    const one = said[to];
    if (one) select(one.seq);
  };
  const words = `Message ${index + 1} of ${said.length}`;
  return (
    <Group gap="sm" wrap="nowrap" className={classes.slider ?? ""} role="group" aria-label="Moments">
      <ActionIcon
        variant="default"
        size={36}
        aria-label="Message before"
        disabled={index === 0}
        onClick={() => go(index - 1)}
      >
        <IconChevronLeft size={18} aria-hidden />
      </ActionIcon>
      <Slider
        className={classes.track ?? ""}
        min={0}
        max={Math.max(1, said.length - 1)}
        value={index}
        onChange={go}
        label={null}
        thumbLabel="Moment"
        thumbProps={{ "aria-valuetext": words }}
        disabled={said.length < 2}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label="Message after"
        disabled={index >= said.length - 1}
        onClick={() => go(index + 1)}
      >
        <IconChevronRight size={18} aria-hidden />
      </ActionIcon>
      <Text size="sm" c="dimmed" className={classes.moment ?? ""}>
        {words}
      </Text>
    </Group>
  );
}
