import { Group, Text } from "@mantine/core";
import mark from "./mark.svg";

export function Wordmark() {
  return (
    <Group gap={8} wrap="nowrap">
      <img src={mark} width={28} height={28} alt="" />
      <Text fw={650} size="lg">
        Parley
      </Text>
    </Group>
  );
}
