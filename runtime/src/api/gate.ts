import type { Me, Right } from "@parley/shared/api/access";
import type { Operation } from "@parley/shared/api/contract";
import type { Request } from "express";
import type { Profile } from "../studio/profiles.js";
import { Refusal } from "../studio/refusal.js";
import { type Bearer, mayIn, rightsOf as rightsOfBearer } from "../studio/rights.js";
import type { Session } from "../studio/sessions.js";
import { type Site, type SiteConfig, sessionCookie, siteOf } from "../studio/site.js";
import type { StudioStore } from "../studio/store.js";
import type { TokenRow } from "../studio/tokens.js";

/** Who asks: a person by the session's cookie, a token, or nobody known. */
export type Who =
  | { readonly kind: "person"; readonly session: Session }
  | { readonly kind: "token"; readonly token: TokenRow }
  | { readonly kind: "nobody" };

export type Entered = { readonly who: Who; readonly site: Site };

/** Of an operation, what decides who may. */
export type Door = Pick<Operation, "access"> & Partial<Pick<Operation, "status">>;

/**
 * Finds out who asks and whether that one may.
 * @param flow the flow that the address names; undefined: the route names none
 * @throws Refusal `not-signed-in`, `foreign-origin`, `forbidden`
 */
export function enter(
  request: Pick<Request, "headers" | "method">,
  door: Door,
  flow: string | undefined,
  { store, site: known }: { readonly store: StudioStore; readonly site: SiteConfig },
): Entered {
  const site = siteOf(request, known);
  const who = whoAsks(request, site, store);
  const write = request.method !== "GET" && request.method !== "HEAD";
  if (door.access !== "open" && who.kind === "nobody") throw notSignedIn();
  // The Strict cookie comes with requests of every other port of this host too. A sign-in would set one.
  if (write && who.kind !== "token" && request.headers.origin !== site.origin) {
    throw new Refusal("foreign-origin", "This has to come from the studio's own page, or with an API token.");
  }
  if (door.access === "open") return { who, site };
  if (door.access === "person") {
    if (who.kind !== "person") throw new Refusal("forbidden", "A token has no session.");
    return { who, site };
  }
  if (!rightsOf(who).includes(door.access)) {
    throw new Refusal("forbidden", `This needs the right ${door.access}, which ${nameOf(who)} does not have.`);
  }
  if (who.kind === "person" && flow !== undefined && !mayIn(who.session.person, door.access, flow)) throw noFlow();
  const only = who.kind === "token" ? who.token.flows : undefined;
  // A token for some flows may name these, read what names none, and make none.
  if (only && (door.status === 201 || (flow === undefined ? write : !only.includes(flow)))) {
    throw new Refusal("forbidden", "This token is for other flows.");
  }
  return { who, site };
}

/** As where there is none: whoever may not see a flow does not learn that it is there. */
const noFlow = (): Refusal => new Refusal("not-found", "There is no such flow.");

export const notSignedIn = (): Refusal =>
  new Refusal("not-signed-in", 'Sign in first: "parley login" prints a link. Programs send an API token.');

function whoAsks(request: Pick<Request, "headers">, site: Site, store: StudioStore): Who {
  const authorization = request.headers.authorization;
  if (authorization !== undefined) {
    const secret = /^Bearer ([\w-]{1,200})$/i.exec(authorization)?.[1];
    const token = secret === undefined ? undefined : store.tokens.use(secret);
    if (!token) throw new Refusal("not-signed-in", "This API token is unknown, expired or revoked.");
    return { kind: "token", token };
  }
  const secret = sessionCookie(request, site);
  const session = secret === undefined ? undefined : store.sessions.use(secret);
  return session ? { kind: "person", session } : { kind: "nobody" };
}

const bearerOf = (who: Exclude<Who, { kind: "nobody" }>): Bearer =>
  who.kind === "token" ? who.token : who.session.person;

export const rightsOf = (who: Who): readonly Right[] => (who.kind === "nobody" ? [] : rightsOfBearer(bearerOf(who)));

/** The name to show beside what this one does. */
export const nameOf = (who: Who): string =>
  who.kind === "person" ? who.session.person.name : who.kind === "token" ? who.token.name : "nobody";

/** The same as it stands in records, so that a name cannot be taken for a file's. */
export const byOf = (who: Who): string => `${who.kind === "token" ? "token" : "person"}:${nameOf(who)}`;

/** The only flows that this one may see; undefined: all. */
export const flowsOf = (who: Who): readonly string[] | undefined =>
  who.kind === "nobody" ? undefined : bearerOf(who).flows;

/** How somebody is told who he is. @param seen what visitors see of a person */
export function meOf(who: Who, seen: Profile): Me | undefined {
  if (who.kind === "nobody") return undefined;
  const rights = [...rightsOf(who)];
  if (who.kind === "token") {
    const { id, name, flows } = who.token;
    return { kind: "token", id, name, rights, ...(flows && { flows: [...flows] }) };
  }
  const { person, expires } = who.session;
  const { flows, ...about } = person;
  return {
    kind: "person",
    ...about,
    ...(flows && { flows: [...flows] }),
    ...(seen.name !== undefined && { shown: seen.name }),
    ...(seen.picture !== undefined && { picture: seen.picture }),
    rights,
    expires: new Date(expires).toISOString(),
  };
}
