import { Badge, Button, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { KINDS } from "../canvas/kinds.js";
import classes from "./DiffList.module.css";
import { settingNames } from "./settings-words.js";
import type { DiffLine, FlowDiff, StepDiff } from "./step-diff.js";

type DiffListProps = {
  diff: FlowDiff;
  /** Keys of the settings that differ. */
  settings: readonly string[];
  /** Goes to a step of the newer flow; absent: it is not the one that is open. */
  go?: (step: string) => void;
};

/** So many steps are drawn at first, and more each time they are asked for. */
const PAGE = 50;
const DONE: Readonly<Record<StepDiff["is"], { label: string; colour: string }>> = {
  added: { label: "Added", colour: "start" },
  changed: { label: "Changed", colour: "hint" },
  removed: { label: "Removed", colour: "problem" },
  renamed: { label: "Renamed", colour: "other" },
};

/** What differs between two flows, step by step in the words of the studio. */
export function DiffList({ diff, settings, go }: DiffListProps) {
  const [most, setMost] = useState(PAGE);
  const { steps, newEnds, start } = diff;
  if (steps.length === 0 && settings.length === 0 && start === undefined) {
    return (
      <Text size="sm" c="dimmed">
        Nothing that anybody would notice.
      </Text>
    );
  }
  return (
    <>
      <ul className={classes.list} aria-label="What differs">
        {start !== undefined && (
          <li className={classes.step}>
            <Text size="sm">The conversation starts at “{start}”.</Text>
          </li>
        )}
        {steps.slice(0, most).map((step) => (
          <StepRow key={`${step.is} ${step.step}`} step={step} go={step.is === "removed" ? undefined : go} />
        ))}
        {settings.length > 0 && (
          <li className={classes.step}>
            <Text size="sm">
              <b>Settings:</b> {settingNames(settings)}
            </Text>
          </li>
        )}
      </ul>
      {steps.length > most && (
        <Button size="compact-sm" variant="subtle" mt={6} onClick={() => setMost(most + PAGE)}>
          Show more
        </Button>
      )}
      {newEnds.length > 0 && (
        <Text size="sm" mt="sm">
          <b>{newEnds.length === 1 ? "A new way to end:" : `${newEnds.length} new ways to end:`}</b>{" "}
          {newEnds.slice(0, 20).join(", ")}
          {newEnds.length > 20 && " …"}
        </Text>
      )}
    </>
  );
}

function StepRow({ step, go }: { step: StepDiff; go: ((step: string) => void) | undefined }) {
  const { is, kind, title, lines } = step;
  const { icon: Icon, label } = KINDS[kind];
  const { label: done, colour } = DONE[is];
  return (
    <li className={classes.step}>
      <div className={classes.head}>
        <Icon size={17} stroke={1.8} className={classes.icon ?? ""} role="img" aria-label={label} />
        {go === undefined ? (
          <span className={classes.title} title={title}>
            {title}
          </span>
        ) : (
          <UnstyledButton className={classes.title} title={title} onClick={() => go(step.step)}>
            {title}
          </UnstyledButton>
        )}
        <Badge bg={`var(--parley-${colour}-soft)`} c={`var(--parley-${colour})`}>
          {done}
        </Badge>
      </div>
      {lines.length > 0 && (
        <ul className={classes.lines}>
          {lines.map((line, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one comparison do not move
            <LineRow key={i} line={line} />
          ))}
        </ul>
      )}
    </li>
  );
}

function LineRow({ line: { words, from, to } }: { line: DiffLine }) {
  return (
    <li className={classes.line}>
      {words}
      {from !== undefined && to !== undefined && (
        <div className={classes.texts}>
          <del className={classes.text} data-side="from">
            {from || "Nothing"}
          </del>
          <ins className={classes.text} data-side="to">
            {to || "Nothing"}
          </ins>
        </div>
      )}
    </li>
  );
}
