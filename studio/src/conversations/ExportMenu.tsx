import { Button, Menu } from "@mantine/core";
import { IconDownload, IconFileText, IconJson, IconTable } from "@tabler/icons-react";
import { useState } from "react";

const FORMATS = [
  { format: "csv", label: "Table (CSV)", icon: IconTable },
  { format: "json", label: "JSON", icon: IconJson },
  { format: "text", label: "Text to read", icon: IconFileText },
] as const;

type ExportMenuProps = {
  flow: string;
  /** What is exported: a filter, or one conversation. */
  query: Readonly<Record<string, string | undefined>>;
};

/** Conversations as a file, with all that was said. */
export function ExportMenu({ flow, query }: ExportMenuProps) {
  const [notes, setNotes] = useState(false);
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ format, label, icon: Icon }) => (
          <Menu.Item
            key={format}
            component="a"
            href={exportAddress(flow, "conversations", { ...query, format, ...(notes && { notes: "yes" }) })}
            download
            leftSection={<Icon size={16} aria-hidden />}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.CheckboxItem checked={notes} onChange={setNotes}>
          With notes
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The address of a file that the server makes. */
export function exportAddress(
  flow: string,
  what: "conversations" | "answers",
  query: Readonly<Record<string, string | undefined>>,
): string {
  const asked = new URLSearchParams(
    Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[0] !== "flow"),
  );
  return `/api/flows/${encodeURIComponent(flow)}/export/${what}${asked.size === 0 ? "" : `?${asked}`}`;
}
