import { Button, Group, Text, Textarea } from "@mantine/core";
import { SAY_LENGTH } from "@parley/shared/api/conversations";
import type { Note } from "@parley/shared/api/support";
import { IconNote } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";
import { mayAnswer, mayErase, useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { useTry } from "../app/use-try.js";
import classes from "./Notes.module.css";
import { nameIn } from "./way.js";

/** What people noted about a visitor. He never sees it. */
export function Notes({ flow, conversation }: { flow: string; conversation: string }) {
  const { api, socket, me } = useSession();
  const path = { flow, conversation };
  const { load, reload } = useLoad(
    async (signal) =>
      (await api("GET /api/flows/{flow}/conversations/{conversation}/notes", { path, signal })).value.notes,
    `${flow} ${conversation}`,
  );
  useEffect(
    () => socket.listen((news) => news.kind === "ConversationsChanged" && news.flow === flow && reload()),
    [socket, flow, reload],
  );
  const [writing, setWriting] = useState(false);
  const notes = load.state === "ready" ? load.value : [];
  if (notes.length === 0 && !mayAnswer(me)) return null;
  return (
    <section className={classes.notes} aria-label="Notes">
      {notes.length > 0 && (
        <ul className={classes.list}>
          {notes.map((note) => (
            <NoteRow key={note.id} note={note} path={path} changed={reload} />
          ))}
        </ul>
      )}
      {mayAnswer(me) &&
        (writing ? (
          <NewNote path={path} done={() => setWriting(false)} changed={reload} />
        ) : (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconNote size={15} aria-hidden />}
            onClick={() => setWriting(true)}
          >
            Add a note
          </Button>
        ))}
    </section>
  );
}

type Of = { path: { flow: string; conversation: string }; changed: () => void };

function NoteRow({ note: { id, by, at, text }, path, changed }: Of & { note: Note }) {
  const { api, me } = useSession();
  const { busy, problem, attempt } = useTry();
  const remove = () =>
    attempt(async () => {
      await api("DELETE /api/flows/{flow}/conversations/{conversation}/notes/{note}", { path: { ...path, note: id } });
      changed();
    });
  const mine = by === `person:${me.name}` || mayErase(me);
  return (
    <li className={classes.note}>
      <div className={classes.text}>{text}</div>
      <Group gap="xs" justify="space-between">
        <Text size="xs" c="dimmed">
          {nameIn(by)}, <time dateTime={at}>{new Date(at).toLocaleString()}</time>
        </Text>
        {mine && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            loading={busy}
            aria-label={`Remove the note “${text}”`}
            onClick={() => void remove()}
          >
            Remove
          </Button>
        )}
      </Group>
      {problem !== undefined && (
        <Text size="xs" c="var(--parley-problem)" role="alert">
          {problem}
        </Text>
      )}
    </li>
  );
}

function NewNote({ path, done, changed }: Of & { done: () => void }) {
  const { api } = useSession();
  const [text, setText] = useState("");
  const { busy, problem, attempt } = useTry();
  const save = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await api("POST /api/flows/{flow}/conversations/{conversation}/notes", { path, body: { text } });
      changed();
      done();
    });
  };
  return (
    <form onSubmit={save}>
      <Textarea
        aria-label="A note for your colleagues"
        placeholder="For your colleagues: the visitor never sees it"
        value={text}
        maxLength={SAY_LENGTH}
        autosize
        minRows={2}
        maxRows={6}
        error={problem}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        data-autofocus
        autoFocus
      />
      <Group gap="xs" mt="xs" justify="flex-end">
        <Button size="xs" variant="default" onClick={done}>
          Cancel
        </Button>
        <Button size="xs" type="submit" loading={busy} disabled={text.trim() === ""}>
          Save the note
        </Button>
      </Group>
    </form>
  );
}
