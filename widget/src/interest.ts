/** How near to its corner, in px, a pointer shows interest. */
const NEAR = 160;

/** Runs when the pointer comes near a bottom corner of the window, the one that the element is at. */
export function whenNear(element: HTMLElement, run: () => void): () => void {
  const near = ({ clientX: x, clientY: y }: PointerEvent) => {
    const left = element.dataset.side === "left";
    if ((left ? x : innerWidth - x) < NEAR && innerHeight - y < NEAR) run();
  };
  document.addEventListener("pointermove", near, { passive: true });
  return () => document.removeEventListener("pointermove", near);
}

/** Runs once the element is within one screen of the view. */
export function whenSeen(element: HTMLElement, run: () => void): () => void {
  const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && run(), {
    rootMargin: "100%",
  });
  seen.observe(element);
  return () => seen.disconnect();
}
