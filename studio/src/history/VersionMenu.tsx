import { ActionIcon, Menu } from "@mantine/core";
import { IconCloudDown, IconCloudUpload, IconDots, IconGitCompare } from "@tabler/icons-react";
import { useDesk } from "../app/editor/desk.js";
import { overlayName } from "../publish/overlay-name.js";
import { type VersionRow, versionName } from "./history-words.js";

/** What can be done with a version besides bringing it back into the draft. */
export function VersionMenu({ row }: { row: VersionRow }) {
  const { bench, mayWrite } = useDesk();
  const show = (over: string) => bench.setState({ over });
  const name = versionName(row);
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={`More about ${name}`}>
          <IconDots size={17} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconGitCompare size={16} aria-hidden />}
          onClick={() => show(overlayName("compare", row.id))}
        >
          Compare…
        </Menu.Item>
        {mayWrite && row.version !== undefined && !row.live && (
          <Menu.Item
            leftSection={<IconCloudUpload size={16} aria-hidden />}
            onClick={() => show(overlayName("publish", row.id))}
          >
            Make live again…
          </Menu.Item>
        )}
        {mayWrite && row.live && (
          <Menu.Item
            leftSection={<IconCloudDown size={16} aria-hidden />}
            onClick={() => show(overlayName("take-down"))}
          >
            Take down…
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
