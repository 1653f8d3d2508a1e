import type { Me } from "@parley/shared/api/access";
import type { StudioEvents } from "../../studio/events.js";
import { passwordFits } from "../../studio/passwords.js";
import { Refusal } from "../../studio/refusal.js";
import { hashOf } from "../../studio/secrets.js";
import { IDLE_MS } from "../../studio/sessions.js";
import { cookieHeader } from "../../studio/site.js";
import type { StudioStore } from "../../studio/store.js";
import { Throttle } from "../../studio/throttle.js";
import { meOf } from "../gate.js";
import type { Handlers } from "../handler.js";

export type SessionRoutes = Pick<
  Handlers,
  "GET /api/session" | "POST /api/session" | "DELETE /api/session" | "GET /api/socket"
>;

const WINDOW = 15 * 60_000;
/** Tries to sign in, by name of the account and by address. Whoever is locked out comes in by a link of the machine. */
const PER_NAME = { tries: 10, within: WINDOW };
const PER_ADDRESS = { tries: 30, within: WINDOW };

/** Signing in and out. */
export function sessionRoutes(store: StudioStore, events: StudioEvents, now: () => number): SessionRoutes {
  const byName = new Throttle(PER_NAME, now);
  const byAddress = new Throttle(PER_ADDRESS, now);
  const count = (throttle: Throttle, key: string) => {
    const wait = throttle.take(key);
    if (wait === 0) return;
    const retryAfter = Math.ceil(wait / 1000);
    throw new Refusal("too-many-requests", "Too many tries. Wait, or ask for a login link.", { retryAfter });
  };
  return {
    "GET /api/session": ({ who }) => {
      const me = meOf(who, who.kind === "person" ? store.profiles.of(who.session.person.id) : {});
      return { body: me ? { me } : {} };
    },
    "POST /api/session": async ({ body, address, site }) => {
      count(byAddress, address);
      let person: string | undefined;
      if ("secret" in body) {
        person = store.sessions.spendLink(body.secret);
        if (person === undefined) {
          throw new Refusal(
            "wrong-login",
            'This link was used already or is too old: "parley login" prints a new one.',
          );
        }
      } else {
        const name = body.name.normalize("NFKC").trim().toLowerCase();
        count(byName, name);
        const known = store.people.byName(body.name);
        if (!(await passwordFits(known?.password ?? undefined, body.password))) {
          throw new Refusal("wrong-login", "The name or the password is wrong.");
        }
        byName.clear(name);
        // Once more: it may have been changed or removed while the hash was computed.
        const still = store.people.get(known!.id);
        if (still?.password !== known!.password) throw new Refusal("wrong-login", "The name or the password is wrong.");
        person = still?.id;
      }
      const secret = store.sessions.begin(person!);
      const session = store.sessions.find(hashOf(secret))!;
      return {
        body: meOf({ kind: "person", session }, store.profiles.of(session.person.id)) as Me,
        headers: { "Set-Cookie": cookieHeader(site, secret, IDLE_MS) },
      };
    },
    "DELETE /api/session": ({ who, site }) => {
      if (who.kind === "person") store.sessions.end(who.session.hash);
      events.emit({ kind: "access" });
      return { headers: { "Set-Cookie": cookieHeader(site, "", 0) } };
    },
    "GET /api/socket": () => {
      throw new Refusal("upgrade-required", "This is a websocket.");
    },
  };
}
