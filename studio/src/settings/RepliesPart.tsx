import { Button, Group, NativeSelect, Skeleton, Text, Textarea, TextInput } from "@mantine/core";
import { SAY_LENGTH } from "@parley/shared/api/conversations";
import type { SavedReply } from "@parley/shared/api/support";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { useTry } from "../app/use-try.js";
import classes from "./Settings.module.css";

type Flow = { readonly id: string; readonly title: string };

/** What is said to visitors again and again. */
export function RepliesPart() {
  const { api } = useSession();
  const { load, retry, reload } = useLoad(async (signal) => {
    const [{ value }, flows] = await Promise.all([
      api("GET /api/replies", { signal }),
      api("GET /api/flows", { signal }),
    ]);
    return { replies: value.replies, flows: flows.value.flows };
  }, "");
  const [adding, setAdding] = useState(false);
  return (
    <section aria-label="Saved replies">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text>Everybody who answers can use these: type / in the field that writes to a visitor.</Text>
        {!adding && (
          <Button
            style={{ flex: "none" }}
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            New reply
          </Button>
        )}
      </Group>
      <Loaded load={load} retry={retry} what="The saved replies" loading={<Skeleton height={64} mt="lg" />}>
        {({ replies, flows }) => (
          <>
            {adding && <ReplyForm flows={flows} done={() => setAdding(false)} changed={reload} />}
            {replies.length === 0 ? (
              <Text c="dimmed" mt="lg">
                None yet.
              </Text>
            ) : (
              <ul className={classes.list} aria-label="Saved replies">
                {replies.map((reply) => (
                  <ReplyRow key={`${reply.id} ${reply.at}`} reply={reply} flows={flows} changed={reload} />
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

type Of = { flows: readonly Flow[]; changed: () => void };

function ReplyRow({ reply, flows, changed }: Of & { reply: SavedReply }) {
  const { api } = useSession();
  const [editing, setEditing] = useState(false);
  const { busy, problem, attempt } = useTry();
  const { id, title, text, flow } = reply;
  const remove = () =>
    attempt(async () => {
      await api("DELETE /api/replies/{reply}", { path: { reply: id } });
      changed();
    });
  if (editing) return <ReplyForm reply={reply} flows={flows} done={() => setEditing(false)} changed={changed} />;
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <div className={classes.words}>
          <Text fw={600}>{title}</Text>
          <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
            {text}
          </Text>
          <Text size="sm" c="dimmed">
            {flow === undefined ? "For all flows" : `For ${flows.find((one) => one.id === flow)?.title ?? flow}`}
          </Text>
        </div>
        <Button size="xs" variant="light" aria-label={`Change: ${title}`} onClick={() => setEditing(true)}>
          Change
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={busy}
          aria-label={`Remove: ${title}`}
          onClick={() => void remove()}
        >
          Remove
        </Button>
      </div>
      {problem !== undefined && (
        <Text size="sm" c="var(--parley-problem)" role="alert">
          {problem}
        </Text>
      )}
    </li>
  );
}

function ReplyForm({ reply, flows, done, changed }: Of & { reply?: SavedReply; done: () => void }) {
  const { api } = useSession();
  const [title, setTitle] = useState(reply?.title ?? "");
  const [text, setText] = useState(reply?.text ?? "");
  const [flow, setFlow] = useState(reply?.flow ?? "");
  const { busy, problem, attempt } = useTry();
  const save = (event: FormEvent) => {
    event.preventDefault();
    const body = { title, text, ...(flow !== "" && { flow }) };
    void attempt(async () => {
      if (reply) await api("PUT /api/replies/{reply}", { path: { reply: reply.id }, body });
      else await api("POST /api/replies", { body });
      changed();
      done();
    });
  };
  const Row = reply ? "li" : "div";
  return (
    <Row className={`${classes.row} ${reply ? "" : classes.apart}`}>
      <form onSubmit={save} aria-label={reply ? `Change ${reply.title}` : "New reply"}>
        <TextInput
          label="Name"
          value={title}
          maxLength={80}
          autoFocus
          onChange={({ currentTarget }) => setTitle(currentTarget.value)}
        />
        <Textarea
          mt="xs"
          label="Text"
          value={text}
          maxLength={SAY_LENGTH}
          autosize
          minRows={2}
          maxRows={8}
          error={problem}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <div className={classes.form}>
          <NativeSelect
            className={classes.grows ?? ""}
            label="For"
            value={flow}
            data={[{ value: "", label: "All flows" }, ...flows.map(({ id, title }) => ({ value: id, label: title }))]}
            onChange={({ currentTarget }) => setFlow(currentTarget.value)}
          />
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={title.trim() === "" || text.trim() === ""}>
            Save the reply
          </Button>
        </div>
      </form>
    </Row>
  );
}
