import { type Right, ROLE_RIGHTS } from "@parley/shared/api/access";
import type { Person } from "./people.js";
import type { TokenRow } from "./tokens.js";

/** Whoever has rights: a person by role, a token by scopes; each perhaps for some flows only. */
export type Bearer = Pick<Person, "role" | "flows"> | Pick<TokenRow, "scopes" | "flows">;

/** What one may do at all. */
export const rightsOf = (bearer: Bearer): readonly Right[] =>
  "role" in bearer ? ROLE_RIGHTS[bearer.role] : bearer.scopes;

/** Whether one may do this in this flow: the one place where that is decided. */
export const mayIn = (bearer: Bearer, right: Right, flow: string): boolean =>
  rightsOf(bearer).includes(right) && (bearer.flows?.includes(flow) ?? true);
