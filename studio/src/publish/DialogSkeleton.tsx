import { Skeleton, Stack } from "@mantine/core";

/** About as large as what comes. */
export function DialogSkeleton() {
  return (
    <Stack gap="sm" aria-hidden>
      <Skeleton height={16} width="60%" />
      <Skeleton height={180} />
      <Skeleton height={64} />
    </Stack>
  );
}
