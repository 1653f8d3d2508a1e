import { Text } from "@mantine/core";

/** Of an address that only this machine can open: what to do for others to reach it. */
export function OnlyHere({ address }: { address: string }) {
  return (
    <Text size="sm" c="dimmed" mt="sm">
      Only this machine can open {address}. For others to reach it, start the server with HOST=0.0.0.0 and with
      PUBLIC_URL, its address in your network or on the web, as http://192.168.1.20:9998.
    </Text>
  );
}
