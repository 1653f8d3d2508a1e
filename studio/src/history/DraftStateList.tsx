import { Button, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { Notice } from "../app/Notice.js";
import { useReturnFocus } from "../commands/use-return-focus.js";
import classes from "./History.module.css";
import { HistorySkeleton } from "./HistorySkeleton.js";
import { byDay, type DraftState, partsWords, timeOf } from "./history-words.js";
import { LookDialog } from "./LookDialog.js";
import { RestoreButton } from "./RestoreButton.js";
import { useDraftStates, useRestore } from "./use-history.js";

/** The saved states of the draft by day, each to be brought back. */
export function DraftStateList() {
  const { load, retry } = useDraftStates();
  const restore = useRestore();
  return (
    <Loaded load={load} retry={retry} what="The saved drafts" loading={<HistorySkeleton />}>
      {(states) =>
        states.length < 2 ? (
          <Notice icon={IconHistory} title="Nothing earlier yet">
            What this flow looked like is kept from now on, whenever it is saved.
          </Notice>
        ) : (
          byDay(states, Date.now()).map(({ day, rows }) => (
            <section key={day} aria-label={day}>
              <h2 className={classes.day}>{day}</h2>
              <ul className={classes.list}>
                {rows.map((row) => (
                  <StateRow key={row.state} row={row} now={row === states[0]} restore={restore.draft} />
                ))}
              </ul>
            </section>
          ))
        )
      }
    </Loaded>
  );
}

type StateRowProps = { row: DraftState; now: boolean; restore: (row: DraftState) => Promise<void> };

function StateRow({ row, now, restore }: StateRowProps) {
  const [looking, setLooking] = useState(false);
  const back = useReturnFocus(looking);
  const close = () => {
    setLooking(false);
    back();
  };
  const time = timeOf(row.at);
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <Text size="sm" fw={600}>
          <time dateTime={row.at}>{time}</time>
        </Text>
        <Text size="xs" c="dimmed">
          {partsWords(row.parts)}, by {row.by}
        </Text>
      </div>
      {now ? (
        <Text size="xs" c="dimmed">
          Now
        </Text>
      ) : (
        <>
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={`Look at what was there at ${time}`}
            onClick={() => setLooking(true)}
          >
            Look
          </Button>
          <RestoreButton what={`what was there at ${time}`} restore={() => restore(row)} />
        </>
      )}
      {looking && <LookDialog state={row} restore={() => restore(row)} close={close} />}
    </li>
  );
}
