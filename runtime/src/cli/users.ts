import { parseArgs } from "node:util";
import { NewUser, PASSWORD_LENGTH, ROLES, type Role } from "@parley/shared/api/access";
import { Value } from "typebox/value";
import { UserError } from "../errors.js";
import { hashPassword } from "../studio/passwords.js";
import { BUILT_IN, type Person } from "../studio/people.js";
import { newId } from "../studio/secrets.js";
import type { StudioStore } from "../studio/store.js";
import { type CommandIo, DATA_DIR, withStudioStore } from "./studio-store.js";

export const USERS_HELP = `parley users list
parley users add NAME --role ${ROLES.join("|")}   asks for the password
parley users role NAME ROLE
parley users password NAME                              asks for the password
parley users remove NAME

A changed role or password signs that person out everywhere. From a script, give the password as the first line of stdin.
--data-dir, DATA_DIR: the server's data folder (./data)
`;

/**
 * `parley users …`: the people who may enter the studio.
 * @throws UserError
 */
export async function runUsers(args: readonly string[], io: CommandIo): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) return io.stdout(USERS_HELP);
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...DATA_DIR, role: { type: "string" } },
    allowPositionals: true,
  });
  const [command, name, role] = positionals;
  const work = (make: boolean, task: (store: StudioStore) => void | Promise<void>) =>
    withStudioStore(values["data-dir"], io, make, task);
  if (command === "list" && name === undefined) await work(false, (store) => list(store, io));
  else if (command === "add" && name !== undefined && role === undefined) {
    const wanted = readRole(values.role ?? "editor");
    if (!Value.Check(NewUser.properties.name, name)) {
      throw wrong("A name is at most 64 letters, digits, spaces and . _ @ ' -, and begins with a letter or digit.");
    }
    await work(true, async (store) => {
      const taken = () => new UserError("name-taken", `There is a ${JSON.stringify(name)} already.`);
      if (store.people.byName(name)) throw taken();
      const password = await newPassword(io);
      const added = store.people.add({ id: newId(), name, role: wanted, password, created: io.now() });
      if (!added) throw taken();
      io.stdout(`Added ${added.name} (${added.role}).\n`);
    });
  } else if (command === "role" && name !== undefined && role !== undefined && positionals.length === 3) {
    const wanted = readRole(role);
    await work(false, (store) => {
      const person = find(store, name);
      store.people.change(person.id, { role: wanted });
      io.stdout(`${person.name} is now ${wanted}, and signed out everywhere.\n`);
    });
  } else if (command === "password" && name !== undefined && role === undefined) {
    await work(false, async (store) => {
      const person = find(store, name);
      store.people.change(person.id, { password: await newPassword(io) });
      io.stdout(`The password of ${person.name} is changed; signed out everywhere.\n`);
    });
  } else if (command === "remove" && name !== undefined && role === undefined) {
    await work(false, (store) => {
      const person = find(store, name);
      store.people.remove(person.id);
      io.stdout(`Removed ${person.name}.\n`);
    });
  } else throw wrong(`This is how it is called:\n${USERS_HELP}`);
}

function list(store: StudioStore, io: CommandIo): void {
  for (const { id, name, role, seen } of store.people.all()) {
    const last = seen === null ? "never signed in" : `last seen ${new Date(seen).toISOString()}`;
    io.stdout(
      `${name.padEnd(24)} ${role.padEnd(10)} ${last}${id === BUILT_IN ? ", by login links of this machine" : ""}\n`,
    );
  }
}

function find(store: StudioStore, name: string): Person {
  const person = store.people.byName(name);
  if (!person)
    throw new UserError("no-such-person", `Nobody is called ${JSON.stringify(name)}: see "parley users list".`);
  if (person.id === BUILT_IN) {
    throw new UserError(
      "built-in",
      "The owner of this machine signs in by links only and cannot be changed or removed.",
    );
  }
  return person;
}

function readRole(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (!role) throw wrong(`A role is one of ${ROLES.join(", ")}, not ${JSON.stringify(text)}.`);
  return role;
}

async function newPassword(io: CommandIo): Promise<string> {
  const password = await io.password("Password: ");
  if (!Value.Check(NewUser.properties.password, password)) {
    throw wrong(`A password has ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters.`);
  }
  return hashPassword(password);
}

const wrong = (text: string): UserError => new UserError("bad-call", text, { exitCode: 2 });
