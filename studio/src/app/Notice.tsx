import { Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { ComponentType, ReactNode } from "react";

type NoticeProps = {
  icon: ComponentType<{ size?: number; stroke?: number }>;
  title: string;
  children?: ReactNode;
  /** What to do: buttons. */
  actions?: ReactNode;
  alert?: boolean;
};

/** What a screen shows when it has nothing else to show: empty, offline, an error, and what to do. */
export function Notice({ icon: Icon, title, children, actions, alert = false }: NoticeProps) {
  return (
    <Center mih={320} p="lg" role={alert ? "alert" : undefined}>
      <Stack align="center" gap="xs" maw={440} ta="center">
        <ThemeIcon variant="light" size={48} mb="xs" aria-hidden>
          <Icon size={26} stroke={1.6} />
        </ThemeIcon>
        <Title order={2}>{title}</Title>
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
