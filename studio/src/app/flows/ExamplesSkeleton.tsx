import { Skeleton, Stack } from "@mantine/core";

/** As large as the list of examples. */
export function ExamplesSkeleton() {
  return (
    <Stack gap="xs">
      {[1, 2, 3, 4, 5, 6, 7, 8].map((row) => (
        <Skeleton key={row} height={60} />
      ))}
    </Stack>
  );
}
