import { type RefObject, useEffect } from "react";

/**
 * Within this element the keyboard is never lost: when what has it goes (deleted, undone) or is moved, it comes back to it,
 * or to what `otherwise` names.
 */
export function useKeepFocus(root: RefObject<HTMLElement | null>, otherwise: () => HTMLElement | null): void {
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    let last: Element | undefined;
    const onFocus = ({ target }: FocusEvent) => {
      last = target instanceof Element && element.contains(target) ? target : undefined;
    };
    // Whoever points beside every control lets go of it.
    const onPointer = ({ target }: PointerEvent) => {
      if (!(target instanceof Element && target.closest("[tabindex], a, button, input, textarea, select, label")))
        last = undefined;
    };
    const observer = new MutationObserver(() => {
      if (last === undefined || document.activeElement !== document.body) return;
      const back = last.isConnected && element.contains(last) ? last : otherwise();
      if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    });
    observer.observe(element, { childList: true, subtree: true });
    document.addEventListener("focusin", onFocus);
    document.addEventListener("pointerdown", onPointer);
    return () => {
      observer.disconnect();
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("pointerdown", onPointer);
    };
  }, [root, otherwise]);
}
