import { Badge, Text } from "@mantine/core";
import { IconVersions } from "@tabler/icons-react";
import { Loaded } from "../app/Loaded.js";
import { Notice } from "../app/Notice.js";
import classes from "./History.module.css";
import { HistorySkeleton } from "./HistorySkeleton.js";
import { byDay, originWords, timeOf, type VersionRow, versionName } from "./history-words.js";
import { RestoreButton } from "./RestoreButton.js";
import { useRestore, useVersions } from "./use-history.js";
import { VersionMenu } from "./VersionMenu.js";

/** The versions by day, with where each came from. */
export function VersionsList() {
  const { load, retry } = useVersions();
  const restore = useRestore();
  return (
    <Loaded load={load} retry={retry} what="The versions" loading={<HistorySkeleton />}>
      {(versions) =>
        versions.length === 0 ? (
          <Notice icon={IconVersions} title="No version yet">
            A version is what visitors talk to. There is one as soon as this flow is published.
          </Notice>
        ) : (
          byDay(versions, Date.now()).map(({ day, rows }) => (
            <section key={day} aria-label={day}>
              <h2 className={classes.day}>{day}</h2>
              <ul className={classes.list}>
                {rows.map((row) => (
                  <Version key={row.id} row={row} restore={restore.version} />
                ))}
              </ul>
            </section>
          ))
        )
      }
    </Loaded>
  );
}

function Version({ row, restore }: { row: VersionRow; restore: (row: VersionRow) => Promise<void> }) {
  const name = versionName(row);
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <Text size="sm" fw={600} className={classes.name ?? ""}>
          {name}
          {row.live && (
            <Badge bg="var(--parley-start-soft)" c="var(--parley-start)">
              Live
            </Badge>
          )}
        </Text>
        <Text size="xs" c="dimmed">
          {originWords(row)} · <time dateTime={row.at}>{timeOf(row.at)}</time>, by {row.by}
        </Text>
        {row.note !== "" && <Text size="xs">{row.note}</Text>}
      </div>
      <RestoreButton what={name} restore={() => restore(row)} />
      <VersionMenu row={row} />
    </li>
  );
}
