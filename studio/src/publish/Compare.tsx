import { NativeSelect } from "@mantine/core";
import { changedSettings } from "@parley/shared/flow/compare-words";
import { useMemo, useState } from "react";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import type { Draft } from "../document/draft.js";
import { type VersionRow, versionName } from "../history/history-words.js";
import { useVersions } from "../history/use-history.js";
import { DialogSkeleton } from "./DialogSkeleton.js";
import { DiffList } from "./DiffList.js";
import { readVersion } from "./live.js";
import classes from "./PublishDialog.module.css";
import { diffSteps } from "./step-diff.js";

const DRAFT = "draft";

/** What is in the dialog: it is loaded when it is first opened. */
export function Compare({ first }: { first: string | undefined }) {
  const { load, retry } = useVersions();
  return (
    <Loaded load={load} retry={retry} what="The versions" loading={<DialogSkeleton />}>
      {(rows) => <Sides rows={rows} first={first ?? rows[0]?.id ?? DRAFT} />}
    </Loaded>
  );
}

function Sides({ rows, first }: { rows: readonly VersionRow[]; first: string }) {
  const { api } = useSession();
  const { flowId } = useDesk().editor.drawn.getState();
  const draft = useEditor((state) => state.draft);
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(DRAFT);
  const { load, retry } = useLoad(async (signal) => {
    const read = (id: string) => (id === DRAFT ? undefined : readVersion(api, flowId, id, signal));
    const [older, newer] = await Promise.all([read(from), read(to)]);
    return { older, newer };
  }, `${from} ${to}`);
  const data = [
    { value: DRAFT, label: "The draft now" },
    ...rows.map((row) => ({ value: row.id, label: row.live ? `${versionName(row)} (live)` : versionName(row) })),
  ];
  return (
    <>
      <div className={classes.choose}>
        <NativeSelect label="From" data={data} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <NativeSelect label="To" data={data} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </div>
      <Loaded load={load} retry={retry} what="The versions" loading={<DialogSkeleton />}>
        {({ older, newer }) => <Differences from={older ?? draft} to={newer ?? draft} />}
      </Loaded>
    </>
  );
}

type Compared = Pick<Draft, "flow" | "settings">;

function Differences({ from, to }: { from: Compared; to: Compared }) {
  const diff = useMemo(() => diffSteps(from.flow, to.flow), [from, to]);
  return <DiffList diff={diff} settings={changedSettings(from.settings, to.settings)} />;
}
