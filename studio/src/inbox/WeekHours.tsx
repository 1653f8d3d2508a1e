import { ActionIcon, Group, Stack, Text, TextInput } from "@mantine/core";
import type { OpenSpan } from "@parley/shared/inbox/queue";
import { IconPlus, IconX } from "@tabler/icons-react";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
type WeekProps = { hours: readonly OpenSpan[]; change: (hours: OpenSpan[]) => void };

/** When a queue is open, weekday by weekday; the end of a day is shown as 00:00. */
export function WeekHours({ hours, change }: WeekProps) {
  const put = (i: number, span: OpenSpan) => change(hours.map((one, at) => (at === i ? span : one)));
  return (
    <Stack gap={6}>
      {DAYS.map((name, at) => {
        const day = at + 1;
        const spans = hours.flatMap((span, i) => (span.day === day ? [{ span, i }] : []));
        return (
          <Group key={name} gap="xs">
            <Text size="sm" w={96}>
              {name}
            </Text>
            {spans.length === 0 && (
              <Text size="sm" c="dimmed">
                closed
              </Text>
            )}
            {spans.map(({ span, i }) => (
              <Group key={i} gap={4} wrap="nowrap">
                <Time label={`${name}: from`} value={span.from} change={(from) => put(i, { ...span, from })} />
                <Text size="sm">to</Text>
                <Time
                  label={`${name}: to`}
                  value={span.to === "24:00" ? "00:00" : span.to}
                  change={(to) => put(i, { ...span, to: to === "00:00" ? "24:00" : to })}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`${name}: not at these hours`}
                  onClick={() => change(hours.filter((_, one) => one !== i))}
                >
                  <IconX size={15} aria-hidden />
                </ActionIcon>
              </Group>
            ))}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`${name}: more hours`}
              onClick={() => change([...hours, { day, from: "09:00", to: "17:00" }])}
            >
              <IconPlus size={15} aria-hidden />
            </ActionIcon>
          </Group>
        );
      })}
    </Stack>
  );
}

type TimeProps = { label: string; value: string; change: (value: string) => void };
const Time = ({ label, value, change }: TimeProps) => (
  <TextInput
    type="time"
    size="xs"
    aria-label={label}
    required
    value={value}
    onChange={({ currentTarget }) => change(currentTarget.value)}
  />
);
