import { IconSearch } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";

/** The id of the field one searches by. */
export const FIND_FIELD = "parley-find";

export const FIND_ACTIONS: readonly Action[] = [
  {
    id: "find",
    label: "Find…",
    group: "Go",
    icon: IconSearch,
    keys: ["mod+f"],
    where: "everywhere",
    words: "search problems hints words names",
    run: ({ bench }) => {
      // Once more: what is written there is written over.
      if (bench.getState().finding) document.querySelector<HTMLInputElement>(`#${FIND_FIELD}`)?.select();
      bench.setState({ finding: true });
    },
  },
];
