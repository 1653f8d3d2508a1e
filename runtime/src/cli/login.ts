import { parseArgs } from "node:util";
import { UserError } from "../errors.js";
import { BUILT_IN } from "../studio/people.js";
import { type CommandIo, DATA_DIR, withStudioStore } from "./studio-store.js";

/**
 * `parley login [NAME]`: prints a link that signs in once within ten minutes; with a name, as that person.
 * @throws UserError
 */
export async function runLogin(args: readonly string[], io: CommandIo): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: DATA_DIR, allowPositionals: true });
  if (positionals.length > 1)
    throw new UserError("bad-call", "Name one person at most: parley login [NAME].", { exitCode: 2 });
  const [name] = positionals;
  await withStudioStore(values["data-dir"], io, false, (store) => {
    const person = name === undefined ? store.people.get(BUILT_IN) : store.people.byName(name);
    if (!person)
      throw new UserError("no-such-person", `Nobody is called ${JSON.stringify(name)}: see "parley users list".`);
    const url = store.address;
    if (url === undefined)
      throw new UserError("never-started", "The server has not run on this data folder yet: start it first.");
    io.stdout(`${url}studio/login#${store.sessions.makeLink(person.id)}\n`);
  });
}
