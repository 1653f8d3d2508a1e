import { Button, Skeleton, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { useTry } from "../app/use-try.js";
import classes from "./Settings.module.css";

/** What one is called where visitors see it. */
export function YouPart() {
  const { api } = useSession();
  const { load, retry } = useLoad(async (signal) => (await api("GET /api/session", { signal })).value, "");
  return (
    <Loaded load={load} retry={retry} what="Your settings" loading={<Skeleton height={96} />}>
      {({ me }) => me && <NameForm account={me.name} before={me.shown ?? ""} />}
    </Loaded>
  );
}

function NameForm({ account, before }: { account: string; before: string }) {
  const { api } = useSession();
  const [name, setName] = useState(before);
  const [saved, setSaved] = useState(before);
  const { busy, problem, attempt } = useTry();
  const typed = name.trim();
  const save = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await api("PUT /api/profile", { body: typed === "" ? {} : { name: typed } });
      setSaved(typed);
      notifications.show({ id: "name-saved", message: `Visitors see ${typed || account} from the next takeover on.` });
    });
  };
  return (
    <section aria-label="You">
      <Text>
        When you take a conversation over, the visitor sees this name and its initials. What is recorded is your
        account, {account}.
      </Text>
      <form className={classes.form} onSubmit={save}>
        <TextInput
          className={classes.grows ?? ""}
          label="Your name for visitors"
          placeholder={account}
          value={name}
          maxLength={64}
          error={problem}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={typed === saved}>
          Save
        </Button>
      </form>
    </section>
  );
}
