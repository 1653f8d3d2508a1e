import { Progress, Stack, Text } from "@mantine/core";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { Loaded } from "../app/Loaded.js";
import { useLoad } from "../app/use-load.js";

/** How much room pictures take and have: those of this flow, and of all flows for whoever manages the server. */
export function PictureRoom() {
  const { api } = useDesk();
  const flow = useEditor(({ flowId }) => flowId);
  const read = async (signal: AbortSignal) =>
    (await api("GET /api/flows/{flow}/pictures", { path: { flow }, signal })).value;
  const { load, retry } = useLoad(read, flow);
  return (
    <Loaded load={load} retry={retry} what="The room for pictures" loading={<Stack h={64} />}>
      {({ missing, room }) => (
        <Stack gap="xs">
          <Room label="Pictures of this flow" {...room.flow} />
          {room.server !== undefined && <Room label="Pictures on this server" {...room.server} />}
          <Text size="xs" c="dimmed">
            Those of earlier drafts are among them. What nothing shows any more goes after a week.
          </Text>
          {missing.length > 0 && (
            <Text size="xs" c="var(--parley-problem)">
              {missing.length === 1 ? "A picture that it shows is" : `${missing.length} pictures that it shows are`} not
              on this server.
            </Text>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

function Room({ label, bytes, limit }: { label: string; bytes: number; limit: number }) {
  const part = limit === 0 ? 100 : Math.min(100, (100 * bytes) / limit);
  const words = `${megabytes(bytes)} of ${megabytes(limit)} MB`;
  return (
    <div>
      <Text size="sm" mb={4}>
        {label}: {words}
      </Text>
      <Progress value={part} color={part > 90 ? "red" : "iris"} aria-label={label} />
    </div>
  );
}

const megabytes = (bytes: number): string => {
  const size = bytes / 1024 / 1024;
  return size >= 10 ? String(Math.round(size)) : String(Math.round(10 * size) / 10);
};
