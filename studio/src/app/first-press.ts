let pressed = false;

/** Notices the first key or pointer press on this page. */
export function watchFirstPress(): void {
  const notice = () => {
    pressed = true;
  };
  for (const kind of ["keydown", "pointerdown"]) window.addEventListener(kind, notice, { capture: true, once: true });
}

/** Whether there was one: before it nobody knows whether a keyboard is in use. */
export const wasPressed = (): boolean => pressed;
