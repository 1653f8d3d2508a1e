import { ROLE_RIGHTS } from "@parley/shared/api/access";
import type { Person } from "../studio/people.js";

/** Whether somebody may answer the conversations of a flow, and so see them in his inbox. */
export const mayAnswer = ({ role }: Pick<Person, "id" | "role">, _flow: string): boolean =>
  ROLE_RIGHTS[role].includes("conversations:answer");
