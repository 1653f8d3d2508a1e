import type { ConversationDetail } from "@parley/shared/api/conversations";
import classes from "./ConversationScreen.module.css";

const DEVICE_WORDS = { phone: "Phone", tablet: "Tablet", desktop: "Computer" } as const;

/** A language in English words, with its tag; a tag that no words are known of, alone. */
function languageWords(tag: string): string {
  const words = new Intl.DisplayNames("en", { type: "language", fallback: "none" }).of(tag);
  return words === undefined ? tag : `${words} (${tag})`;
}

/** What is known of a conversation beside what was said. */
export function ConversationFacts({ conversation }: { conversation: ConversationDetail }) {
  const { version, started, status, step, page, language, device, values, events } = conversation;
  const failed = events.findLast((event) => event.kind === "turn" && event.failed !== undefined);
  return (
    <dl className={classes.facts}>
      <dt>Began</dt>
      <dd>
        <time dateTime={started}>{new Date(started).toLocaleString()}</time>, version {version}
      </dd>
      {step !== undefined && (
        <>
          <dt>{status === "waiting" ? "Waits at" : status === "left" ? "Left at" : "Came to"}</dt>
          <dd>{step}</dd>
        </>
      )}
      {failed?.kind === "turn" && (
        <>
          <dt>Stopped</dt>
          <dd>{failed.failed}</dd>
        </>
      )}
      {page !== undefined && (
        <>
          <dt>Page</dt>
          <dd>{page}</dd>
        </>
      )}
      {(language ?? device) !== undefined && (
        <>
          <dt>Visitor</dt>
          <dd>{[device && DEVICE_WORDS[device], language && languageWords(language)].filter(Boolean).join(", ")}</dd>
        </>
      )}
      {Object.entries(values).map(([name, value]) => [
        <dt key={`${name} name`}>{name}</dt>,
        <dd key={`${name} value`}>{value}</dd>,
      ])}
    </dl>
  );
}
