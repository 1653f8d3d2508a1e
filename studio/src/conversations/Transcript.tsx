import { Text, UnstyledButton } from "@mantine/core";
import { plainText } from "@parley/shared/flow/rich-text";
import { wordsOf } from "@parley/shared/session/words";
import { useEffect, useRef } from "react";
import classes from "./Transcript.module.css";
import type { Said } from "./way.js";

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
  const shown = said.filter(({ message }) => message.kind === "ResetSession" || wordsOf(message) !== "");
  return (
    <ol ref={list} className={classes.list} aria-label="What was said">
      {shown.map((one) => (
        <Message key={one.seq} one={one} at={at} lit={one.state !== undefined && lit.has(one.state)} select={select} />
      ))}
    </ol>
  );
}

type MessageProps = { one: Said; at: number; lit: boolean; select: (seq: number) => void };

function Message({ one: { seq, at: time, message }, at, lit, select }: MessageProps) {
  if (message.kind === "ResetSession")
    return (
      <li className={classes.begun}>
        <Text size="sm" c="dimmed">
          The visitor started over
        </Text>
      </li>
    );
  const visitor = message.kind === "ChoiceResponse" || message.kind === "UserText";
  const clock = new Date(time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return (
    <li
      className={classes.message}
      data-seq={seq}
      data-from={visitor ? "visitor" : "bot"}
      data-later={seq > at || undefined}
      data-lit={lit || undefined}
    >
      <div className={classes.text}>
        <span className="parley-unseen">{visitor ? "Visitor: " : "Bot: "}</span>
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
