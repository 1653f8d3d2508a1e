import { Text } from "@mantine/core";
import type { ConversationRow as Row } from "@parley/shared/api/conversations";
import { ago } from "../app/flows/ago.js";
import { conversationPath } from "../app/router.js";
import { StudioLink } from "../app/StudioLink.js";
import area from "./Area.module.css";
import classes from "./ConversationList.module.css";
import { StatusBadge } from "./StatusBadge.js";

/** One conversation: what was said last (or what was searched for), when, and how far it is. */
export function ConversationRow({ row, flow }: { row: Row; flow: string | undefined }) {
  const { id, version, started, last, status, person, step, said, found, answers } = row;
  const where = status === "waiting" ? "Waits at" : status === "left" ? "Left at" : "Came to";
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <StudioLink to={conversationPath(row.flow, id)} className={classes.said ?? ""} c="inherit" underline="never">
          {found === undefined ? said || <span className={classes.silent}>No answer yet</span> : <Found text={found} />}
        </StudioLink>
        <Text size="sm" c="dimmed" truncate>
          {flow !== undefined && `${flow} · `}
          <time dateTime={started} title={new Date(started).toLocaleString()}>
            {ago(last, Date.now())}
          </time>
          {` · version ${version} · ${answers} ${answers === 1 ? "answer" : "answers"}`}
          {step !== undefined && ` · ${where} ‘${step}’`}
        </Text>
      </div>
      <StatusBadge status={status} {...(person && { person })} />
    </li>
  );
}

/** A place in a text, the words that were searched for marked. */
function Found({ text }: { text: string }) {
  const [before = "", rest = ""] = text.split("\u0001");
  const [word = "", after = ""] = rest.split("\u0002");
  return (
    <>
      {before}
      <mark className={area.mark}>{word}</mark>
      {after}
    </>
  );
}
