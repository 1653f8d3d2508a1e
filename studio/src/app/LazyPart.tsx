import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Loaded } from "./Loaded.js";
import type { Load } from "./use-load.js";

/** A script that is loaded when it is first needed, and then known. */
export type Lazy<Part> = { readonly load: () => Promise<Part>; known?: Part };
export const lazyScript = <Part,>(load: () => Promise<Part>): Lazy<Part> => ({ load });

type LazyPartProps<Part> = {
  script: Lazy<Part>;
  /** For the sentence "The text could not be loaded". */
  what: string;
  /** Shown meanwhile, as large as what comes. */
  loading: ReactNode;
  /** Around the notice that it did not come, where that is all the screen shows. */
  around?: (notice: ReactNode) => ReactNode;
  children: (part: Part) => ReactNode;
};

/** A part of the studio whose script is not there yet. It may fail as any other request may, and be tried again. */
export function LazyPart<Part>({ script, what, loading, around, children }: LazyPartProps<Part>) {
  const [load, setLoad] = useState<Load<Part>>(() =>
    script.known === undefined ? LOADING : { state: "ready", value: script.known },
  );
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` says when to try again
  useEffect(() => {
    if (script.known !== undefined) return;
    let over = false;
    script.load().then(
      (value) => {
        script.known = value;
        if (!over) setLoad({ state: "ready", value });
      },
      () => !over && setLoad(UNREACHED),
    );
    return () => {
      over = true;
    };
  }, [script, turn]);
  const retry = useCallback(() => {
    setLoad(LOADING);
    setTurn((turn) => turn + 1);
  }, []);
  const shown = (
    <Loaded whole={around !== undefined} load={load} retry={retry} what={what} loading={loading}>
      {children}
    </Loaded>
  );
  return load.state === "error" && around ? around(shown) : shown;
}

const LOADING = { state: "loading" } as const;
/** Browsers do not say why a script did not come. */
const UNREACHED = {
  state: "error",
  message:
    "Check that the server is running and that this device is online, and try again. If Parley was renewed meanwhile, load the page again.",
} as const;
