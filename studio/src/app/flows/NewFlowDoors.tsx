import { Button, Stack, Text, ThemeIcon, Title, UnstyledButton } from "@mantine/core";
import classes from "./FlowsScreen.module.css";
import type { FlowActions } from "./use-flow-actions.js";
import { useFlowDoors } from "./use-flow-doors.js";

/** The first screen: three doors. They stay below the flows (`more`) while these are few. */
export function NewFlowDoors({ actions, more = false }: { actions: FlowActions; more?: boolean }) {
  const { doors, also } = useFlowDoors(actions);
  return (
    <Stack gap="md" mt={more ? 0 : "lg"}>
      <Text c="dimmed">
        {more
          ? "Begin another one:"
          : "A flow is one conversation: what is said, what is asked, and where each answer leads."}
      </Text>
      <div className={classes.doors}>
        {doors.map(({ title, text, icon: Icon, open, second }) => (
          <div key={title} className={classes.doorway}>
            <UnstyledButton className={classes.door} data-second={second !== undefined || undefined} onClick={open}>
              <ThemeIcon variant="light" size={40} aria-hidden>
                <Icon size={22} stroke={1.6} />
              </ThemeIcon>
              <Title order={2} size="h3">
                {title}
              </Title>
              <Text size="sm" c="dimmed">
                {text}
              </Text>
            </UnstyledButton>
            {second && (
              <Button variant="subtle" size="compact-sm" className={classes.second ?? ""} onClick={second.open}>
                {second.title}
              </Button>
            )}
          </div>
        ))}
      </div>
      {also}
    </Stack>
  );
}
