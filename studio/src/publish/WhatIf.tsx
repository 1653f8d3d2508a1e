import { Badge, Button, NativeSelect, Progress, Text } from "@mantine/core";
import type { WhatIfReport } from "@parley/shared/api/what-if";
import { useState } from "react";
import { useEditor } from "../app/editor/desk.js";
import { Beside } from "./Beside.js";
import { useWhatIf, type WhatIfState } from "./use-what-if.js";
import classes from "./WhatIf.module.css";

const SPANS = [
  { value: "1", label: "the last day" },
  { value: "7", label: "the last 7 days" },
  { value: "30", label: "the last 30 days" },
];
/** Places shown at first. */
const SHOWN = 8;

/** What the conversations of the last days would have been on the draft. */
export function WhatIf() {
  const { state, run, cancel } = useWhatIf();
  const [days, setDays] = useState("7");
  const running = state.state === "running";
  return (
    <>
      <div className={classes.head}>
        <Text size="sm">Play the conversations of</Text>
        <NativeSelect
          size="xs"
          aria-label="Which conversations"
          data={SPANS}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <Button size="compact-sm" variant="light" onClick={() => (running ? cancel() : void run(Number(days)))}>
          {running ? "Cancel" : "Play"}
        </Button>
      </div>
      <div role="status">
        <Told state={state} />
      </div>
    </>
  );
}

function Told({ state }: { state: WhatIfState }) {
  switch (state.state) {
    case "none":
      return null;
    case "failed":
      return (
        <Text size="sm" mt={8} c="var(--parley-problem)">
          {state.why}
        </Text>
      );
    case "running":
      return (
        <Progress
          mt={10}
          aria-label="How far it is"
          value={state.total === 0 ? 0 : (100 * state.done) / state.total}
          transitionDuration={100}
        />
      );
    case "ready":
      return <Report report={state.report} />;
  }
}

function Report({ report }: { report: WhatIfReport }) {
  const { conversations, same, differs, deadEnds, unread, places } = report;
  const [most, setMost] = useState(SHOWN);
  if (conversations + unread === 0) {
    return (
      <Text size="sm" mt={8} c="dimmed">
        There was no conversation then.
      </Text>
    );
  }
  const parts = [
    `${same} the same`,
    `${differs} would have differed`,
    `${deadEnds} would have got stuck`,
    ...(unread > 0 ? [`${unread} could not be read`] : []),
  ];
  return (
    <>
      <Text size="sm" mt={8}>
        {parts.join(", ")}.
      </Text>
      {places.length > 0 && (
        <ul className={classes.places} aria-label="Where it would have been otherwise">
          {places.slice(0, most).map((place) => (
            <PlaceRow key={`${place.outcome} ${place.state}`} place={place} />
          ))}
        </ul>
      )}
      {places.length > most && (
        <Button size="compact-sm" variant="subtle" mt={6} onClick={() => setMost(places.length)}>
          Show all {places.length}
        </Button>
      )}
    </>
  );
}

function PlaceRow({ place }: { place: WhatIfReport["places"][number] }) {
  const steps = useEditor((state) => state.steps);
  const [shown, setShown] = useState<number>();
  const { outcome, state, count, examples } = place;
  const step = state === undefined ? undefined : steps.byId.get(steps.stepOf.get(state) ?? "");
  const title = step?.title ?? state ?? "the beginning";
  const stuck = outcome === "dead-end";
  return (
    <li className={classes.place}>
      <div className={classes.row}>
        <Badge
          bg={stuck ? "var(--parley-problem-soft)" : "var(--parley-hint-soft)"}
          c={stuck ? "var(--parley-problem)" : "var(--parley-hint)"}
        >
          {count}
        </Badge>
        <span className={classes.words}>
          {stuck ? "stuck at" : "otherwise from"} “{title}” on
        </span>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={shown !== undefined}
          aria-label={`${shown === undefined ? "Show" : "Hide"} one that is ${stuck ? "stuck at" : "otherwise from"} “${title}” on`}
          onClick={() => setShown(shown === undefined ? 0 : undefined)}
        >
          {shown === undefined ? "Show one" : "Hide"}
        </Button>
        {shown !== undefined && examples.length > 1 && (
          <Button size="compact-sm" variant="subtle" onClick={() => setShown((shown + 1) % examples.length)}>
            Another
          </Button>
        )}
      </div>
      {shown !== undefined && <Beside conversation={examples[shown]!} />}
    </li>
  );
}
