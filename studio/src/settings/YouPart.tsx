import { Button, Input, Skeleton, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { picturePath } from "@parley/shared/flow/pictures";
import { type FormEvent, useRef, useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { useTry } from "../app/use-try.js";
import { addFace } from "../pictures/add-pictures.js";
import { PictureField } from "../pictures/PictureField.js";
import classes from "./Settings.module.css";

const LABEL = "Your picture for visitors";

/** What visitors see of one: a name and a picture. */
export function YouPart() {
  const { api } = useSession();
  const { load, retry } = useLoad(async (signal) => (await api("GET /api/session", { signal })).value, "");
  return (
    <Loaded load={load} retry={retry} what="Your settings" loading={<Skeleton height={96} />}>
      {({ me }) => me && <Profile account={me.name} name={me.shown ?? ""} picture={me.picture} />}
    </Loaded>
  );
}

type Shown = { readonly name: string; readonly picture: string | undefined };

function Profile({ account, ...before }: { account: string } & Shown) {
  const { api } = useSession();
  const [name, setName] = useState(before.name);
  const [saved, setSaved] = useState<Shown>(before);
  // A picture is on its way for a while, in which a name may be saved.
  const latest = useRef(saved);
  latest.current = saved;
  const { busy, problem, attempt } = useTry();
  const typed = name.trim();
  const save = (shown: Shown, done: string) =>
    void attempt(async () => {
      const { name, picture } = shown;
      await api("PUT /api/profile", {
        body: { ...(name !== "" && { name }), ...(picture !== undefined && { picture }) },
      });
      setSaved(shown);
      notifications.show({ id: "profile-saved", message: done });
    });
  const saveName = (event: FormEvent) => {
    event.preventDefault();
    save({ ...saved, name: typed }, `Visitors see ${typed || account} from the next takeover on.`);
  };
  const take = (files: readonly File[]) =>
    addFace(files, (picture) =>
      save({ ...latest.current, picture }, "Visitors see this picture from the next takeover on."),
    );
  const remove = () => save({ ...saved, picture: undefined }, "Visitors see your initial from the next takeover on.");
  return (
    <section aria-label="You">
      <Text>
        When you take a conversation over, the visitor sees this name and your picture, or the first letter of the name.
        What is recorded is your account, {account}.
      </Text>
      <form className={classes.form} onSubmit={saveName}>
        <TextInput
          className={classes.grows ?? ""}
          label="Your name for visitors"
          placeholder={account}
          value={name}
          maxLength={64}
          error={problem}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={typed === saved.name}>
          Save
        </Button>
      </form>
      <div className={classes.apart}>
        <PictureField
          label={LABEL}
          src={saved.picture === undefined ? undefined : picturePath(saved.picture)}
          readOnly={busy}
          take={take}
          remove={remove}
        >
          <Input.Label labelElement="div" display="block">
            {LABEL}
          </Input.Label>
        </PictureField>
      </div>
    </section>
  );
}
