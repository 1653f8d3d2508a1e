import { Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { ComponentType, ReactNode } from "react";
import classes from "./Notice.module.css";

type NoticeProps = {
  icon: ComponentType<{ size?: number; stroke?: number }>;
  title: string;
  children?: ReactNode;
  /** What to do: buttons. */
  actions?: ReactNode;
  alert?: boolean;
  /** It is all that the screen says: its title is the screen's. */
  whole?: boolean;
};

/** What a screen shows when it has nothing else to show: empty, offline, an error, and what to do. */
export function Notice({ icon: Icon, title, children, actions, alert = false, whole = false }: NoticeProps) {
  return (
    <Center className={classes.notice ?? ""} role={alert ? "alert" : undefined}>
      <Stack align="center" gap="xs" maw={440} ta="center">
        <ThemeIcon className={classes.icon ?? ""} variant="light" size={48} mb="xs" aria-hidden>
          <Icon size={26} stroke={1.6} />
        </ThemeIcon>
        <Title order={whole ? 1 : 2} size="h2">
          {title}
        </Title>
        {children !== undefined && (
          <Text c="dimmed" component="div">
            {children}
          </Text>
        )}
        {actions !== undefined && <div style={{ marginTop: "var(--mantine-spacing-md)" }}>{actions}</div>}
      </Stack>
    </Center>
  );
}
