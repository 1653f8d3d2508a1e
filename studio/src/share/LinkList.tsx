import { Button, Group, Text } from "@mantine/core";
import type { DraftLink } from "@parley/shared/api/links";
import { useState } from "react";
import { useDesk } from "../app/editor/desk.js";
import { ago } from "../app/flows/ago.js";
import { Section } from "./Section.js";
import classes from "./Share.module.css";

const UNTIL = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** The links that there are. What they are is in none of them: a link is shown once. */
export function LinkList({ links, changed }: { links: readonly DraftLink[]; changed: () => void }) {
  return (
    <Section title="Links">
      {links.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      ) : (
        <ul className={classes.list} aria-label="Links">
          {links.map((link) => (
            <LinkRow key={link.id} link={link} changed={changed} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function LinkRow({ link, changed }: { link: DraftLink; changed: () => void }) {
  const { api, editor } = useDesk();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const revoke = async () => {
    const path = { flow: editor.getState().flowId, link: link.id };
    try {
      await api("DELETE /api/flows/{flow}/links/{link}", { path });
      changed();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const name = `${kindWords(link)}, made ${ago(link.created, Date.now())}`;
  return (
    <li className={classes.row}>
      <div className={classes.words}>
        {asking ? "Whoever has this link can open it no more, and nothing brings it back." : kindWords(link)}
        <Text size="xs" c={problem === undefined ? "dimmed" : "var(--parley-problem)"}>
          {problem ?? moreWords(link, Date.now())}
        </Text>
      </div>
      {asking ? (
        <Group gap={6} wrap="nowrap">
          <Button size="compact-sm" variant="default" onClick={() => setAsking(false)}>
            Cancel
          </Button>
          <Button size="compact-sm" color="red" onClick={() => void revoke()}>
            Revoke this link
          </Button>
        </Group>
      ) : (
        <Button size="compact-sm" variant="light" aria-label={`Revoke: ${name}`} onClick={() => setAsking(true)}>
          Revoke
        </Button>
      )}
    </li>
  );
}

const kindWords = ({ follows, drawing }: DraftLink): string =>
  `${follows ? "The draft as it is edited" : "The draft as it was"}${drawing ? ", with the drawing" : ""}`;

function moreWords({ by, created, expires, lastUsed, comments }: DraftLink, now: number): string {
  const end = Date.parse(expires);
  return [
    `Made ${ago(created, now)}${by === "" ? "" : ` by ${by}`}`,
    end > now ? `good until ${UNTIL.format(end)}` : "over",
    lastUsed === undefined ? "not opened yet" : `last opened ${ago(lastUsed, now)}`,
    ...(comments === 0 ? [] : [comments === 1 ? "1 comment" : `${comments} comments`]),
  ].join(", ");
}
