import { useReactFlow } from "@xyflow/react";
import { type RefObject, useEffect } from "react";

/** When a panel opens or closes at the left, what is drawn stays where it is on the screen. */
export function useSteady(wrapper: RefObject<HTMLElement | null>): void {
  const flow = useReactFlow();
  useEffect(() => {
    const element = wrapper.current;
    if (element === null) return;
    let before = element.getBoundingClientRect().left;
    const observer = new ResizeObserver(() => {
      const { left } = element.getBoundingClientRect();
      const by = left - before;
      before = left;
      if (by === 0 || !flow.viewportInitialized) return;
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x - by, y, zoom });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [flow, wrapper]);
}
