import { useBench } from "./desk.js";

/** Steps that were made just now and not left yet: nothing is held against them. */
export const useFresh = (): ReadonlySet<string> => useBench(({ fresh }) => fresh);
