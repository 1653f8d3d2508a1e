import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { IconAlertTriangleFilled, IconCircleCheck, IconWand } from "@tabler/icons-react";
import { type KeyboardEvent, useCallback, useRef, useState } from "react";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { useShown } from "../app/editor/use-shown.js";
import { useKeepFocus } from "../inspector/use-keep-focus.js";
import { FindingList } from "./FindingList.js";
import classes from "./Findings.module.css";
import { fixAll } from "./fix-all.js";

type Filter = "all" | "error" | "warning";
/** So many are drawn at first, and more each time they are asked for. */
const PAGE = 100;

/** Everything that is wrong with the flow, or likely to be: from here one goes there, or has it mended. */
export function Findings() {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const shown = useShown();
  const unread = useEditor((state) => state.text !== undefined);
  const [filter, setFilter] = useState<Filter>("all");
  const [most, setMost] = useState(PAGE);
  const root = useRef<HTMLDivElement>(null);
  useKeepFocus(
    root,
    useCallback(() => root.current, []),
  );
  const problems = shown.filter(({ finding }) => finding.severity === "error").length;
  const hints = shown.length - problems;
  const listed = shown.filter(({ finding }) => filter === "all" || finding.severity === filter);
  const fixable = listed.filter(({ finding }) => finding.fix !== undefined).length;
  const mendAll = () => {
    const { draft, run } = desk.editor.getState();
    const findings = listed.map(({ finding }) => finding);
    if (!readOnly) run(fixAll(draft, findings), "Fix all");
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows go from row to row, each of which is a button
    <div ref={root} className={classes.findings} tabIndex={-1} onKeyDown={walk}>
      <Group className={classes.head ?? ""} gap="sm" wrap="nowrap">
        <SegmentedControl
          size="xs"
          aria-label="What is listed"
          value={filter}
          onChange={(value) => setFilter(value as Filter)}
          data={[
            { value: "all", label: `All ${shown.length}` },
            { value: "error", label: `Problems ${problems}` },
            { value: "warning", label: `Hints ${hints}` },
          ]}
        />
        <Button
          size="compact-sm"
          variant="light"
          className={classes.all ?? ""}
          leftSection={<IconWand size={15} stroke={1.8} aria-hidden />}
          aria-disabled={fixable === 0 || readOnly}
          onClick={mendAll}
        >
          {fixable === 0 ? "Fix all" : `Fix all ${fixable}`}
        </Button>
      </Group>
      {unread && <Unread />}
      {listed.length === 0 ? (
        !unread && <Nothing filter={filter} />
      ) : (
        <FindingList label="Problems and hints" shown={listed.slice(0, most)} />
      )}
      {listed.length > most && (
        <Button size="compact-sm" variant="subtle" ml="sm" mb="sm" onClick={() => setMost(most + PAGE)}>
          Show more
        </Button>
      )}
    </div>
  );
}

const NOTHING: Readonly<Record<Filter, { title: string; about: string }>> = {
  all: { title: "No problems", about: "Nothing here keeps this flow from being published." },
  error: { title: "No problems", about: "Nothing here keeps this flow from being published." },
  warning: { title: "No hints", about: "There is nothing that might be meant otherwise." },
};

function Nothing({ filter }: { filter: Filter }) {
  const { title, about } = NOTHING[filter];
  return (
    <div className={classes.nothing}>
      <IconCircleCheck size={28} stroke={1.6} aria-hidden />
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed">
        {about}
      </Text>
    </div>
  );
}

/** Text that cannot be read has no findings. What to do about it is said above everything. */
function Unread() {
  return (
    <div className={classes.unread}>
      <IconAlertTriangleFilled size={15} aria-hidden />
      <Text size="sm">Nothing can be published while the text of the file cannot be read.</Text>
    </div>
  );
}

/** Arrows go from one finding to the next. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by === 0 || !(event.target instanceof HTMLElement) || !event.target.closest("ul")) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-finding]")];
  const row = event.target.closest("li")?.querySelector<HTMLElement>("[data-finding]");
  const next = rows[(row ? rows.indexOf(row) : -1) + by];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
