import type { Person } from "../studio/people.js";
import { mayIn } from "../studio/rights.js";

/** Whether somebody may answer the conversations of a flow, and so see them in his inbox. */
export const mayAnswer = (person: Pick<Person, "role" | "flows">, flow: string): boolean =>
  mayIn(person, "conversations:answer", flow);
