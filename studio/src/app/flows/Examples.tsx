import { Text, UnstyledButton } from "@mantine/core";
import type { TemplateList } from "@parley/shared/api/flows";
import { plainText } from "@parley/shared/flow/rich-text";
import { IconTemplate } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Loaded } from "../Loaded.js";
import { Notice } from "../Notice.js";
import { useSession } from "../session.js";
import { useLoad } from "../use-load.js";
import { ExamplePlayer } from "./ExamplePlayer.js";
import classes from "./Examples.module.css";
import { ExamplesSkeleton } from "./ExamplesSkeleton.js";

type Templates = TemplateList["templates"];
type ExamplesProps = {
  /** There is room for one thing at a time. */
  narrow: boolean;
  choose: (template: string) => Promise<void>;
};

/** What is in the dialog: it is loaded when it is first opened. */
export function Examples({ narrow, choose }: ExamplesProps) {
  const { api } = useSession();
  const { load, retry } = useLoad(
    async (signal) => (await api("GET /api/templates", { signal })).value.templates,
    "templates",
  );
  return (
    <Loaded load={load} retry={retry} what="The examples" loading={<ExamplesSkeleton />}>
      {(templates) =>
        templates.length === 0 ? (
          <Notice icon={IconTemplate} title="There are no examples here">
            Begin with one message, or open a file.
          </Notice>
        ) : (
          <Board templates={templates} narrow={narrow} choose={choose} />
        )
      }
    </Loaded>
  );
}

/** The list, and beside it the one in hand: the first talks at once. Where it is narrow, one after the other. */
function Board({ templates, narrow, choose }: ExamplesProps & { templates: Templates }) {
  const [picked, setPicked] = useState<string>();
  const [left, setLeft] = useState<string>();
  const shown = templates.find(({ id }) => id === picked) ?? (narrow ? undefined : templates[0]);
  const back = () => {
    setLeft(picked);
    setPicked(undefined);
  };
  const player = shown && <ExamplePlayer key={shown.id} example={shown} choose={choose} {...(narrow && { back })} />;
  if (narrow && player) return player;
  return (
    <div className={classes.board}>
      <List templates={templates} shown={shown?.id} again={left} pick={setPicked} />
      {player}
    </div>
  );
}

type ListProps = {
  templates: Templates;
  shown: string | undefined;
  /** The one that was left just now: it gets the keyboard back. */
  again: string | undefined;
  pick: (template: string) => void;
};

function List({ templates, shown, again, pick }: ListProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const row = again === undefined ? -1 : templates.findIndex(({ id }) => id === again);
    if (row >= 0) list.current?.querySelectorAll("button")[row]?.focus();
  }, [again, templates]);
  return (
    <ul ref={list} className={classes.list} aria-label="Examples">
      {templates.map(({ id, name, title, states, greeting }) => (
        <li key={id}>
          <UnstyledButton
            className={classes.example}
            aria-current={id === shown ? "true" : undefined}
            onClick={() => pick(id)}
          >
            <Text fw={600}>{name}</Text>
            <Text size="sm" c="dimmed" lineClamp={1}>
              {title}: {greeting === "" ? `${states} steps` : plainText(greeting)}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
