import { useBench } from "../app/editor/desk.js";

/** Whether a search is on that has not found this: it steps back then. */
export const useAside = (item: string): boolean => useBench(({ found }) => found !== undefined && !found.has(item));
