import { Button } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import classes from "./TypebotReport.module.css";
import type { Offer } from "./take-typebot.js";

/** So many rows are drawn at first, and more each time they are asked for. */
const PAGE = 50;

/** As the studio calls them. Its own table has pictures with it, which would be a file more for every visit. */
const BECAME = { message: "Message", question: "Question", text: "Ask for text" } as const;

/** What became a step, what a note, and what is left out; and whether to take it. */
export function TypebotReport({ offer }: { offer: Offer }) {
  const { name, result, answer } = offer;
  const { steps, notes, left } = result.report;
  return (
    <>
      <p className={classes.words}>
        {name} becomes {count(steps.length, "step")} and {count(notes.length, "note")}. Look through the notes first:
        they stand where something has no like here.
      </p>
      <Rows
        title={`Notes (${notes.length})`}
        none="Nothing had to become a note."
        rows={notes.map(({ group, text }) => {
          const [was = "", ...lines] = text.split("\n");
          return <Row key={`${group} ${text}`} where={group} what={was} more={lines} />;
        })}
      />
      <Rows
        title={`Steps (${steps.length})`}
        none=""
        rows={steps.map(({ group, was, became, words, state, remarks }) => (
          <Row key={state} where={group} what={`${was} → ${BECAME[became]}`} words={words} more={remarks} />
        ))}
      />
      {left.length > 0 && (
        <Rows title="Left out" none="" rows={left.map((sentence) => <Row key={sentence} what={sentence} />)} />
      )}
      <div className={classes.foot}>
        <Button variant="default" onClick={() => answer(false)}>
          Cancel
        </Button>
        <Button onClick={() => answer(true)}>Open it</Button>
      </div>
    </>
  );
}

function Rows({ title, none, rows }: { title: string; none: string; rows: readonly ReactNode[] }) {
  const id = useId();
  const [most, setMost] = useState(PAGE);
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className={classes.heading}>
        {title}
      </h3>
      {rows.length === 0 ? (
        <p className={`${classes.words} ${classes.remark}`}>{none}</p>
      ) : (
        <ul className={classes.list} aria-labelledby={id}>
          {rows.slice(0, most)}
        </ul>
      )}
      {rows.length > most && (
        <Button size="compact-sm" variant="subtle" mt={6} onClick={() => setMost(most + PAGE)}>
          Show more
        </Button>
      )}
    </section>
  );
}

type RowProps = {
  /** The group that it is from. */
  where?: string;
  what: string;
  words?: string;
  more?: readonly string[];
};

function Row({ where = "", what, words = "", more = [] }: RowProps) {
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <span className={classes.what}>{what}</span>
        {where !== "" && <span className={classes.where}>{where}</span>}
      </div>
      {words !== "" && <div>{words}</div>}
      {more.map((line) => (
        <div key={line} className={classes.remark}>
          {line}
        </div>
      ))}
    </li>
  );
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`;
