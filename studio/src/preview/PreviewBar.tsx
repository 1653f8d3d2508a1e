import { ActionIcon, Menu, SegmentedControl, Tooltip } from "@mantine/core";
import {
  IconCheck,
  IconDeviceDesktop,
  IconDeviceMobile,
  IconDots,
  IconFlagOff,
  IconRefresh,
  IconTerminal2,
} from "@tabler/icons-react";
import { useStore } from "zustand";
import { useDesk, useEditor } from "../app/editor/desk.js";
import classes from "./Preview.module.css";
import type { FrameSize } from "./PreviewPane.js";
import type { PreviewState } from "./preview-link.js";
import { previewOf } from "./preview-store.js";
import { SaveAsTest } from "./SaveAsTest.js";

const SIZES: readonly { value: FrameSize; label: string; Icon: typeof IconDeviceMobile }[] = [
  { value: "phone", label: "As on a phone", Icon: IconDeviceMobile },
  { value: "desktop", label: "As on a desktop", Icon: IconDeviceDesktop },
];
const THEMES = [
  { value: undefined, label: "As in the settings" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;
/** The languages that the widget brings. */
const LANGUAGES = [
  { value: undefined, label: "As in the settings" },
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
  { value: "es", label: "Español" },
  { value: "fr", label: "Français" },
  { value: "pt", label: "Português" },
  { value: "ja", label: "日本語" },
  { value: "ar", label: "العربية" },
] as const;

type BarProps = {
  size: FrameSize;
  setSize: (size: FrameSize) => void;
  watching: boolean;
  setWatching: (watching: boolean) => void;
};

/** What one may do with the preview as a whole. */
export function PreviewBar({ size, setSize, watching, setWatching }: BarProps) {
  const { editor, mayWrite } = useDesk();
  const store = previewOf(editor);
  const { link, look, trace } = useStore(store);
  const first = useEditor(({ steps }) => steps.start);
  const elsewhere = link?.kept.start;
  const from = useEditor(({ steps }) => steps.byId.get(steps.stepOf.get(elsewhere ?? "") ?? "")?.title);
  const dress = (change: { [Name in keyof PreviewState["look"]]?: PreviewState["look"][Name] | undefined }) => {
    const next = Object.fromEntries(
      Object.entries({ ...look, ...change }).filter(([, value]) => value !== undefined),
    ) as PreviewState["look"];
    store.setState({ look: next });
    link?.move({ look: next });
  };
  return (
    <div className={classes.bar}>
      <Tooltip label="Start over">
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label="Start the preview over"
          onClick={() => link?.move({ inputs: [] })}
        >
          <IconRefresh size={17} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {elsewhere !== undefined && first !== undefined && (
        <Tooltip label={`It begins at “${from ?? elsewhere}”. Begin at the start again`}>
          <ActionIcon
            variant="light"
            size={32}
            aria-label="Begin at the start again"
            onClick={() => link?.move({ start: null })}
          >
            <IconFlagOff size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      <SegmentedControl
        size="xs"
        aria-label="Size"
        value={size}
        onChange={(value) => setSize(value as FrameSize)}
        data={SIZES.map(({ value, label, Icon }) => ({
          value,
          label: (
            <span title={label} className={classes.size}>
              <Icon size={16} aria-hidden />
              <span className="parley-unseen">{label}</span>
            </span>
          ),
        }))}
      />
      <div className={classes.space} />
      {mayWrite && trace !== undefined && <SaveAsTest />}
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label="More about the preview">
            <IconDots size={17} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Colours</Menu.Label>
          {THEMES.map(({ value, label }) => (
            <Choice key={label} label={label} chosen={look.theme === value} choose={() => dress({ theme: value })} />
          ))}
          <Menu.Label>Language of its own words</Menu.Label>
          {LANGUAGES.map(({ value, label }) => (
            <Choice key={label} label={label} chosen={look.locale === value} choose={() => dress({ locale: value })} />
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconTerminal2 size={16} aria-hidden />} onClick={() => setWatching(!watching)}>
            {watching ? "Hide what is sent" : "Show what is sent"}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function Choice({ label, chosen, choose }: { label: string; chosen: boolean; choose: () => void }) {
  return (
    <Menu.Item onClick={choose} rightSection={chosen ? <IconCheck size={15} aria-hidden /> : undefined}>
      {label}
      {chosen && <span className="parley-unseen"> (chosen)</span>}
    </Menu.Item>
  );
}
