import { Button, Checkbox, Skeleton, Text, TextInput } from "@mantine/core";
import type { MadeWebhook, Webhook } from "@parley/shared/api/webhooks";
import { type FormEvent, useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { useTry } from "../app/use-try.js";
import { Snippet } from "../embed/Snippet.js";
import { Deliveries } from "./Deliveries.js";
import classes from "./Settings.module.css";

/** Other tools that are told when a conversation waits for a person, is taken, and goes on. */
export function WebhooksPart() {
  const { api } = useSession();
  const { load, retry, reload } = useLoad(async (signal) => (await api("GET /api/webhooks", { signal })).value, "");
  return (
    <section aria-label="Webhooks">
      <Text>
        Another tool is told when a conversation waits for a person, when somebody takes it, and when it goes on without
        one. Calls go to https and public addresses only, and are signed by a secret that is shown once.
      </Text>
      <NewWebhook made={reload} />
      <Loaded load={load} retry={retry} what="The webhooks" loading={<Skeleton height={64} mt="lg" />}>
        {({ webhooks }) =>
          webhooks.length === 0 ? (
            <Text c="dimmed" mt="lg">
              None yet.
            </Text>
          ) : (
            <ul className={classes.list} aria-label="Webhooks">
              {webhooks.map((webhook) => (
                <WebhookRow key={webhook.id} webhook={webhook} changed={reload} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function NewWebhook({ made }: { made: () => void }) {
  const { api } = useSession();
  const [url, setUrl] = useState("");
  const [texts, setTexts] = useState(false);
  const [added, setAdded] = useState<MadeWebhook>();
  const { busy, problem, attempt } = useTry();
  const add = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      setAdded((await api("POST /api/webhooks", { body: { url: url.trim(), texts } })).value);
      setUrl("");
      setTexts(false);
      made();
    });
  };
  return (
    <>
      <form className={classes.form} onSubmit={add}>
        <TextInput
          className={classes.grows ?? ""}
          label="Address"
          placeholder="https://hooks.example/parley"
          value={url}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
          error={problem}
          inputMode="url"
          autoComplete="off"
        />
        <Button type="submit" loading={busy} disabled={url.trim() === ""}>
          Add a webhook
        </Button>
      </form>
      <Checkbox
        mt="sm"
        label="Send what the visitor said last along"
        checked={texts}
        onChange={({ currentTarget }) => setTexts(currentTarget.checked)}
      />
      {added && (
        <section className={classes.made} aria-label="The new secret">
          <Snippet label="Secret" text={added.secret} />
          <Text size="sm" mt={8}>
            Copy it now: it is shown this once. {new URL(added.url).host} checks the signatures with it.
          </Text>
        </section>
      )}
    </>
  );
}

function WebhookRow({ webhook, changed }: { webhook: Webhook; changed: () => void }) {
  const { api } = useSession();
  const { id, url, texts, by } = webhook;
  const [asking, setAsking] = useState(false);
  const [tested, setTested] = useState(0);
  const { busy, problem, attempt } = useTry();
  const path = { webhook: id };
  const remove = () =>
    attempt(async () => {
      await api("DELETE /api/webhooks/{webhook}", { path });
      changed();
    });
  const test = () =>
    attempt(async () => {
      await api("POST /api/webhooks/{webhook}/test", { path });
      setTested((times) => times + 1);
    });
  const tick = (texts: boolean) =>
    attempt(async () => {
      await api("PATCH /api/webhooks/{webhook}", { path, body: { texts } });
      changed();
    });
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <div className={classes.words}>
          <Text fw={600}>{url}</Text>
          <Text size="sm" c="dimmed">
            {asking ? "It is told nothing more, and nothing brings it back." : `Added by ${by}`}
          </Text>
        </div>
        {asking ? (
          <>
            <Button size="xs" variant="default" onClick={() => setAsking(false)}>
              Cancel
            </Button>
            <Button size="xs" color="red" loading={busy} onClick={() => void remove()}>
              Remove this webhook
            </Button>
          </>
        ) : (
          <>
            <Button size="xs" variant="light" loading={busy} aria-label={`Test: ${url}`} onClick={() => void test()}>
              Send a test
            </Button>
            <Button size="xs" variant="default" aria-label={`Remove: ${url}`} onClick={() => setAsking(true)}>
              Remove
            </Button>
          </>
        )}
      </div>
      <Checkbox
        size="sm"
        mt="xs"
        label="Send what the visitor said last along"
        checked={texts}
        onChange={({ currentTarget }) => void tick(currentTarget.checked)}
      />
      {problem !== undefined && (
        <Text size="sm" c="var(--parley-problem)" role="alert" mt="xs">
          {problem}
        </Text>
      )}
      <Deliveries key={tested} webhook={id} />
    </li>
  );
}
