import { useEffect } from "react";
import { type Action, actionFor, canRun } from "./action.js";
import { isReadOnly, useDesk } from "./desk.js";
import { isMac } from "./keys.js";

/** Runs actions by their keys, while the editor is on the screen. */
export function useKeys(actions: readonly Action[]): void {
  const desk = useDesk();
  useEffect(() => {
    const mac = isMac();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = actionFor(actions, event, mac);
      if (action === undefined) return;
      event.preventDefault();
      if (canRun(action, desk, isReadOnly(desk))) action.run(desk);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [actions, desk]);
}
