import { Text } from "@mantine/core";
import type { Running } from "@parley/shared/api/versions";
import { useMemo } from "react";
import { readSteps } from "../document/steps.js";
import type { KnownVersion } from "./live.js";
import classes from "./PublishDialog.module.css";

type RunningVersion = Running["versions"][number];
type RunningListProps = {
  running: readonly RunningVersion[];
  /** Per cent of what was counted so far; undefined: all. */
  so: number | undefined;
  /** Those of them whose steps are known. */
  versions: readonly KnownVersion[];
};

/** Places named of each version; the others are counted together. */
const NAMED = 3;
const conversations = (count: number) => `${count} ${count === 1 ? "conversation" : "conversations"}`;

/** How many conversations are on which version, and where they wait. */
export function RunningList({ running, so, versions }: RunningListProps) {
  const total = running.reduce((sum, one) => sum + one.running, 0);
  if (so !== undefined) {
    return (
      <Text size="sm" c="dimmed">
        Conversations are still being gathered: {so} % so far, {conversations(total)} under way among them.
      </Text>
    );
  }
  if (total === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nobody is in a conversation now.
      </Text>
    );
  }
  return (
    <>
      <Text size="sm">{conversations(total)} under way. Each is finished on the version it began with.</Text>
      <ul className={classes.running} aria-label="Conversations under way">
        {running.map((one) => (
          <RunningRow key={one.version} one={one} known={versions.find(({ version }) => version === one.version)} />
        ))}
      </ul>
    </>
  );
}

function RunningRow({ one, known }: { one: RunningVersion; known: KnownVersion | undefined }) {
  const titles = useMemo(() => {
    const graph = known && readSteps({ flow: known.flow, layout: {}, settings: {} });
    return (state: string) => graph?.byId.get(graph.stepOf.get(state) ?? "")?.title ?? state;
  }, [known]);
  const named = one.waits.slice(0, NAMED);
  const rest = one.running - named.reduce((sum, { running }) => sum + running, 0);
  return (
    <li>
      <b>Version {one.version}</b>: {one.running}, waiting at{" "}
      {named.map(({ state, running }) => `“${titles(state)}” (${running})`).join(", ")}
      {rest > 0 && ` and elsewhere (${rest})`}
    </li>
  );
}
