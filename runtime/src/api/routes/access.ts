import { LIMITABLE, type Role, type Token, type User } from "@parley/shared/api/access";
import type { StudioEvents } from "../../studio/events.js";
import { hashPassword } from "../../studio/passwords.js";
import { BUILT_IN, type Person } from "../../studio/people.js";
import { Refusal } from "../../studio/refusal.js";
import { newId } from "../../studio/secrets.js";
import type { StudioStore } from "../../studio/store.js";
import type { TokenRow } from "../../studio/tokens.js";
import type { Handlers } from "../handler.js";

export type AccessRoutes = Pick<
  Handlers,
  | "GET /api/users"
  | "POST /api/users"
  | "PATCH /api/users/{user}"
  | "DELETE /api/users/{user}"
  | "GET /api/tokens"
  | "POST /api/tokens"
  | "DELETE /api/tokens/{token}"
>;

const DAY = 24 * 3_600_000;

/** People and tokens. */
export function accessRoutes(store: StudioStore, events: StudioEvents, now: () => number): AccessRoutes {
  const { people, tokens } = store;
  const toChange = (id: string): Person => {
    const person = people.get(id);
    if (!person) throw new Refusal("not-found", "There is no such person.");
    if (id === BUILT_IN) throw new Refusal("built-in", "The owner of this machine cannot be changed or removed.");
    return person;
  };
  /** @throws Refusal `invalid` */
  const keysOf = (ids: readonly string[], role: Role): number[] => {
    const wrong = (message: string) => new Refusal("invalid", message, { errors: [{ pointer: "/flows", message }] });
    if (!LIMITABLE.includes(role)) throw wrong("Only operators and viewers can be limited to some flows.");
    return ids.map((id) => {
      const flow = store.flows.get(id);
      if (!flow) throw wrong(`There is no flow ${JSON.stringify(id)}.`);
      return flow.key;
    });
  };
  return {
    "GET /api/users": () => ({ body: { users: people.all().map(userOf) } }),
    "POST /api/users": async ({ body: { name, role, password } }) => {
      const hash = await hashPassword(password);
      const added = people.add({ id: newId(), name, role, password: hash, created: now() });
      if (!added) throw new Refusal("name-taken", "Somebody has this name already.");
      return { body: userOf(added), headers: { Location: `/api/users/${added.id}` } };
    },
    "PATCH /api/users/{user}": async ({ path, body: { role, password, flows } }) => {
      const limit = flows && keysOf(flows, role ?? toChange(path.user).role);
      const hash = password === undefined ? undefined : await hashPassword(password);
      toChange(path.user);
      people.change(path.user, {
        ...(role && { role }),
        ...(hash && { password: hash }),
        ...(flows !== undefined && { flows: limit ?? null }),
      });
      events.emit({ kind: "access" });
      return { body: userOf(people.get(path.user)!) };
    },
    "DELETE /api/users/{user}": ({ path }) => {
      people.remove(toChange(path.user).id);
      events.emit({ kind: "access" });
      return {};
    },
    "GET /api/tokens": () => ({ body: { tokens: tokens.all().map(tokenOf) } }),
    "POST /api/tokens": ({ who, body: { name, scopes, flows, days } }) => {
      if (who.kind !== "person") throw new Refusal("forbidden", "A token makes no tokens.");
      const id = newId();
      const secret = tokens.add({ id, name, scopes, flows, expires: now() + days * DAY }, who.session.person.id);
      return { body: { ...tokenOf(tokens.get(id)!), secret }, headers: { Location: `/api/tokens/${id}` } };
    },
    "DELETE /api/tokens/{token}": ({ path }) => {
      if (!tokens.get(path.token)) throw new Refusal("not-found", "There is no such token.");
      tokens.revoke(path.token);
      return {};
    },
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

function userOf({ id, name, role, created, seen, flows }: Person): User {
  return {
    id,
    name,
    role,
    created: iso(created),
    ...(seen === null ? {} : { lastSeen: iso(seen) }),
    ...(flows && { flows: [...flows] }),
    builtIn: id === BUILT_IN,
  };
}

function tokenOf({ id, name, scopes, flows, by, created, expires, used }: TokenRow): Token {
  return {
    id,
    name,
    scopes: [...scopes],
    ...(flows && { flows: [...flows] }),
    by,
    created: iso(created),
    expires: iso(expires),
    ...(used === null ? {} : { lastUsed: iso(used) }),
  };
}
