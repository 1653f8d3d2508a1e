import { createStore } from "zustand/vanilla";

/** The picture whose alternative text is asked for: it was just added. `n`: which one of the step's text. */
export const altWanted = createStore<{ readonly step?: string | undefined; readonly n?: number }>(() => ({}));
