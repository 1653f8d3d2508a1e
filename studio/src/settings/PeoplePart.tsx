import { Badge, Button, MultiSelect, NativeSelect, PasswordInput, Skeleton, Text, TextInput } from "@mantine/core";
import { LIMITABLE, PASSWORD_LENGTH, ROLES, type Role, type User } from "@parley/shared/api/access";
import { type FormEvent, useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { useTry } from "../app/use-try.js";
import classes from "./Settings.module.css";

type Flow = { readonly id: string; readonly title: string };
const ROLE_WORDS: Readonly<Record<Role, string>> = {
  owner: "Owner: everything",
  editor: "Editor: flows and conversations",
  operator: "Operator: answers conversations",
  viewer: "Viewer: sees flows and counts",
};
const ROLE_DATA = ROLES.map((role) => ({ value: role, label: ROLE_WORDS[role] }));

/** Who may enter, as what, and which flows he sees. */
export function PeoplePart() {
  const { api } = useSession();
  const { load, retry, reload } = useLoad(async (signal) => {
    const [users, flows] = await Promise.all([api("GET /api/users", { signal }), api("GET /api/flows", { signal })]);
    return { users: users.value.users, flows: flows.value.flows };
  }, "");
  return (
    <section aria-label="People">
      <Text>
        An operator or viewer who is limited to some flows sees nothing of any other. A change signs that person out.
      </Text>
      <NewPerson made={reload} />
      <Loaded load={load} retry={retry} what="The people" loading={<Skeleton height={64} mt="lg" />}>
        {({ users, flows }) => (
          <ul className={classes.list} aria-label="People">
            {users.map((user) => (
              <PersonRow key={user.id} user={user} flows={flows} changed={reload} />
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function NewPerson({ made }: { made: () => void }) {
  const { api } = useSession();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [password, setPassword] = useState("");
  const { busy, problem, attempt } = useTry();
  const add = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await api("POST /api/users", { body: { name: name.trim(), role, password } });
      setName("");
      setPassword("");
      made();
    });
  };
  return (
    <form className={classes.form} onSubmit={add} aria-label="Add a person">
      <TextInput
        className={classes.grows ?? ""}
        label="Name"
        value={name}
        maxLength={64}
        autoComplete="off"
        error={problem}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <NativeSelect
        label="Role"
        value={role}
        data={ROLE_DATA}
        onChange={({ currentTarget }) => setRole(currentTarget.value as Role)}
      />
      <PasswordInput
        className={classes.grows ?? ""}
        label={`Password, ${PASSWORD_LENGTH.min} letters or more`}
        value={password}
        maxLength={PASSWORD_LENGTH.max}
        autoComplete="new-password"
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <Button type="submit" loading={busy} disabled={name.trim() === "" || password.length < PASSWORD_LENGTH.min}>
        Add
      </Button>
    </form>
  );
}

type RowProps = { user: User; flows: readonly Flow[]; changed: () => void };

function PersonRow({ user, flows, changed }: RowProps) {
  const { api } = useSession();
  const { id, name, builtIn, lastSeen } = user;
  const [role, setRole] = useState<Role>(user.role);
  const [only, setOnly] = useState<string[]>(user.flows ?? []);
  const [asking, setAsking] = useState(false);
  const { busy, problem, attempt } = useTry();
  const limitable = LIMITABLE.includes(role);
  // Limited to nothing: saved as it is then shown, he sees all.
  const none = user.flows?.length === 0;
  const before = [...(user.flows ?? [])].sort().join();
  const same = role === user.role && [...only].sort().join() === before && !(none && only.length === 0);
  const path = { user: id };
  const save = () =>
    attempt(async () => {
      const body = limitable ? { role, flows: only.length > 0 ? only : null } : { role };
      await api("PATCH /api/users/{user}", { path, body });
      changed();
    });
  const remove = () =>
    attempt(async () => {
      await api("DELETE /api/users/{user}", { path });
      changed();
    });
  return (
    <li className={classes.row} aria-label={name}>
      <div className={classes.head}>
        <div className={classes.words}>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {builtIn
              ? "Signed in by links of this machine"
              : lastSeen === undefined
                ? "Never signed in"
                : `Last seen ${new Date(lastSeen).toLocaleString()}`}
          </Text>
        </div>
        {builtIn ? (
          <Badge variant="light">Owner</Badge>
        ) : asking ? (
          <>
            <Button size="xs" variant="default" onClick={() => setAsking(false)}>
              Cancel
            </Button>
            <Button size="xs" color="red" loading={busy} onClick={() => void remove()}>
              Remove {name}
            </Button>
          </>
        ) : (
          <Button size="xs" variant="default" aria-label={`Remove: ${name}`} onClick={() => setAsking(true)}>
            Remove
          </Button>
        )}
      </div>
      {!builtIn && (
        <div className={classes.form}>
          <NativeSelect
            size="sm"
            label="Role"
            value={role}
            data={ROLE_DATA}
            onChange={({ currentTarget }) => setRole(currentTarget.value as Role)}
          />
          {limitable && (
            <MultiSelect
              size="sm"
              className={classes.grows ?? ""}
              label="Sees"
              placeholder={only.length > 0 ? "" : none ? "No flow" : "All flows"}
              data={flows.map(({ id, title }) => ({ value: id, label: title || id }))}
              value={only}
              onChange={setOnly}
              searchable
              clearable
            />
          )}
          <Button size="sm" loading={busy} disabled={same} onClick={() => void save()}>
            Save
          </Button>
        </div>
      )}
      {problem !== undefined && (
        <Text size="sm" c="var(--parley-problem)" role="alert" mt="xs">
          {problem}
        </Text>
      )}
    </li>
  );
}
