import { Text, UnstyledButton } from "@mantine/core";
import { plainText } from "@parley/shared/flow/rich-text";
import { wordsOf } from "@parley/shared/session/words";
import { Fragment, useEffect, useRef } from "react";
import classes from "./Transcript.module.css";
import { nameIn, type Said } from "./way.js";

type TranscriptProps = {
  said: readonly Said[];
  /** The number of the message that is in hand: what follows is dimmed. */
  at: number;
  /** Messages that belong to the step in hand. */
  lit: ReadonlySet<string>;
  select: (seq: number) => void;
};

/** What was said, as everybody saw it. */
export function Transcript({ said, at, lit, select }: TranscriptProps) {
  const list = useRef<HTMLOListElement>(null);
  const first = useRef(at);
  useEffect(() => {
    // It is opened at its beginning, and follows who walks through it.
    if (first.current === at) return;
    first.current = -1;
    list.current?.querySelector(`[data-seq="${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  useEffect(() => {
    if (lit.size > 0) list.current?.querySelector("[data-lit]")?.scrollIntoView({ block: "nearest" });
  }, [lit]);
  return (
    <ol ref={list} className={classes.list} aria-label="What was said">
      {said.map((one) => (
        <Fragment key={one.seq}>
          {one.before.map((note) => (
            <Note key={note}>{note}</Note>
          ))}
          {one.message.kind === "ResetSession" ? (
            <Note>The visitor started over</Note>
          ) : (
            wordsOf(one.message) !== "" && (
              <Message one={one} at={at} lit={one.state !== undefined && lit.has(one.state)} select={select} />
            )
          )}
          {one.after.map((note) => (
            <Note key={note}>{note}</Note>
          ))}
        </Fragment>
      ))}
    </ol>
  );
}

type MessageProps = { one: Said; at: number; lit: boolean; select: (seq: number) => void };

/** What is told about the conversation rather than said in it. */
function Note({ children }: { children: string }) {
  return (
    <li className={classes.begun}>
      <Text size="sm" c="dimmed" ta="center">
        {children}
      </Text>
    </li>
  );
}

function Message({ one, at, lit, select }: MessageProps) {
  const { seq, at: time, message, by } = one;
  const visitor = message.kind === "ChoiceResponse" || message.kind === "UserText";
  const from = visitor ? "visitor" : by === undefined ? "bot" : "person";
  const clock = new Date(time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return (
    <li
      className={classes.message}
      data-seq={seq}
      data-from={from}
      data-later={seq > at || undefined}
      data-lit={lit || undefined}
    >
      <div className={classes.text}>
        {from === "person" ? (
          <span className={classes.who}>
            {nameIn(by!)}
            <span className="parley-unseen">: </span>
          </span>
        ) : (
          <span className="parley-unseen">{visitor ? "Visitor: " : "Bot: "}</span>
        )}
        {wordsOf(message)}
        {message.kind === "ChoiceRequest" && (
          <ul className={classes.choices}>
            {message.choices.map(({ itemId, content }) => (
              <li key={itemId}>{plainText(content, "choice") || itemId}</li>
            ))}
          </ul>
        )}
      </div>
      <UnstyledButton
        className={classes.time}
        onClick={() => select(seq)}
        {...(seq === at && { "aria-current": "step" as const })}
        aria-label={`${clock}, show this moment`}
      >
        {clock}
      </UnstyledButton>
    </li>
  );
}
