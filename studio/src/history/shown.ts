import { createStore } from "zustand/vanilla";

/** Which of the two lists of what was earlier is shown, for as long as the studio is open. */
export const earlierShown = createStore<"draft" | "versions">(() => "draft");
