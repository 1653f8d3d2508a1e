import { Group, SegmentedControl, Stack, TextInput, Title } from "@mantine/core";
import type { FlowSummary } from "@parley/shared/api/flows";
import { IconArchive, IconSearch, IconSearchOff } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useKeepFocus } from "../../inspector/use-keep-focus.js";
import { Loaded } from "../Loaded.js";
import { Notice } from "../Notice.js";
import { Page } from "../Page.js";
import { mayWrite, useSession } from "../session.js";
import { useLoad } from "../use-load.js";
import { FlowRow, FlowRowSkeleton } from "./FlowRow.js";
import classes from "./FlowsScreen.module.css";
import { NewFlowDoors } from "./NewFlowDoors.js";
import { NewFlowMenu } from "./NewFlowMenu.js";
import { useFileDrop } from "./use-file-drop.js";
import { useFlowActions } from "./use-flow-actions.js";

type Shown = "active" | "archived";
/** While there are no more flows than this, the ways to another one are seen, and not only in a menu. */
const FEW = 3;

/** The list of flows, and the ways to make one. */
export function FlowsScreen() {
  const { api, socket, me } = useSession();
  const [shown, setShown] = useState<Shown>("active");
  const [words, setWords] = useState("");
  const { load, retry, reload } = useLoad(
    async (signal) =>
      (await api("GET /api/flows", { signal, query: { archived: shown === "archived" ? "yes" : "no" } })).value.flows,
    shown,
  );
  useEffect(
    () => socket.listen(({ kind }) => (kind === "FlowsChanged" || kind === "Opened") && reload()),
    [socket, reload],
  );
  const actions = useFlowActions(reload);
  const root = useRef<HTMLDivElement>(null);
  // A flow that is put away takes its line along.
  useKeepFocus(
    root,
    useCallback(() => root.current, []),
  );
  const drop = useFileDrop(mayWrite(me) ? actions.open : undefined);
  return (
    <Page>
      <Stack ref={root} tabIndex={-1} gap="lg" {...drop.target}>
        <Group justify="space-between" wrap="nowrap">
          <Title order={1}>Flows</Title>
          {mayWrite(me) && <NewFlowMenu actions={actions} />}
        </Group>
        <Group gap="sm">
          <TextInput
            className={classes.search}
            aria-label="Find a flow"
            placeholder="Find a flow"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label="Which flows"
            value={shown}
            onChange={(value) => setShown(value as Shown)}
            data={[
              { value: "active", label: "Active" },
              { value: "archived", label: "Archived" },
            ]}
          />
        </Group>
        <Loaded load={load} retry={retry} what="The flows" loading={<Rows rows={[1, 2, 3, 4]} row={FlowRowSkeleton} />}>
          {(flows) => <Flows flows={flows} shown={shown} words={words} actions={actions} />}
        </Loaded>
      </Stack>
      {drop.over}
    </Page>
  );
}

type FlowsProps = {
  flows: readonly FlowSummary[];
  shown: Shown;
  words: string;
  actions: ReturnType<typeof useFlowActions>;
};

function Flows({ flows, shown, words, actions }: FlowsProps) {
  const { me } = useSession();
  const found = useMemo(() => findFlows(flows, words), [flows, words]);
  const namesakes = useMemo(() => repeatedTitles(flows), [flows]);
  if (found.length > 0)
    return (
      <>
        <Rows
          rows={found}
          row={(flow) => <FlowRow key={flow.id} flow={flow} actions={actions} namesake={namesakes.has(flow.title)} />}
        />
        {shown === "active" && flows.length <= FEW && mayWrite(me) && <NewFlowDoors actions={actions} more />}
      </>
    );
  if (words.trim() !== "" && flows.length > 0)
    return (
      <Notice icon={IconSearchOff} title="No flow is called that">
        Try a part of its title, or look among the {shown === "active" ? "archived" : "active"} ones.
      </Notice>
    );
  if (shown === "archived")
    return (
      <Notice icon={IconArchive} title="Nothing is archived">
        A flow that is put away is kept here, and can be restored.
      </Notice>
    );
  return mayWrite(me) ? (
    <NewFlowDoors actions={actions} />
  ) : (
    <Notice icon={IconArchive} title="There are no flows yet">
      Somebody who may edit can make one.
    </Notice>
  );
}

function Rows<Item>({ rows, row }: { rows: readonly Item[]; row: (item: Item) => React.ReactNode }) {
  return <ul className={classes.rows}>{rows.map(row)}</ul>;
}

/** Flows whose title or id holds all words. */
function findFlows(flows: readonly FlowSummary[], words: string): readonly FlowSummary[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return flows.filter(({ id, title }) => {
    const text = `${title} ${id}`.toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Titles that several flows have: their lines tell them apart by id. */
function repeatedTitles(flows: readonly FlowSummary[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(
    flows.flatMap(({ title }) => {
      if (seen.has(title)) return [title];
      seen.add(title);
      return [];
    }),
  );
}
