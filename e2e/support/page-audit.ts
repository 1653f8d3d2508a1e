import type { Page } from "@playwright/test";

/**
 * Looks at every control that is seen now: whether its text is cut, spills over or is covered, and whether there is room
 * to hit it.
 * @param target the least width and height of what is pressed, in pixels
 * @returns one line for each complaint
 */
export const auditControls = (page: Page, target: number): Promise<string[]> => page.evaluate(audit, target);

/** Runs in the page, so it stands alone. */
function audit(target: number): string[] {
  const CONTROLS =
    "a[href], button, input, select, textarea, summary, [tabindex='0'], label:has(input), .react-flow__handle.connectablestart, " +
    "[role=button], [role=tab], [role=option], [role=menuitem], [role=menuitemradio], [role=menuitemcheckbox], [role=treeitem], [role=radio], [role=checkbox]";
  /** What is drawn at a zoom of its own, and may lie anywhere below what stands on the screen. */
  const DRAWING = ".react-flow__viewport";
  /** What holds many things that are chosen, and is none itself. */
  const WITHIN = "[role=tree], [role=listbox], [role=application], [role=tabpanel], svg, svg *";
  const complaints: string[] = [];
  const words = (element: Element) =>
    `${element.tagName.toLowerCase()}${element.className ? `.${element.getAttribute("class")}` : ""} “${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}”`;
  const related = (one: Element, other: Element) => one.contains(other) || other.contains(one);
  /** A label and its field, a field and the button inside it: one thing. */
  const whole = (element: Element) =>
    element.closest("label, .mantine-Input-wrapper, .mantine-SegmentedControl-control") ?? element;
  /** What lies over the page covers it, as it should. */
  const layer = (element: Element) => element.closest(`#overlays, ${DRAWING}, [data-place]`);
  const hit = (x: number, y: number) => document.elementFromPoint(x, y);
  const isUnseen = (element: Element) => {
    const { clipPath, opacity } = getComputedStyle(element);
    return clipPath !== "none" || opacity === "0";
  };

  /** The part of an element that its scrolling ancestors and the window show. */
  function seen(element: Element): DOMRect | undefined {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    const within = (box: { left: number; top: number; right: number; bottom: number }) => {
      left = Math.max(left, box.left);
      top = Math.max(top, box.top);
      right = Math.min(right, box.right);
      bottom = Math.min(bottom, box.bottom);
    };
    within({ left: 0, top: 0, right: innerWidth, bottom: innerHeight });
    for (let above = element.parentElement; above; above = above.parentElement) {
      if (isUnseen(above)) return undefined;
      const { overflowX, overflowY } = getComputedStyle(above);
      if (overflowX !== "visible" || overflowY !== "visible") within(above.getBoundingClientRect());
    }
    return right - left > 1 && bottom - top > 1 ? new DOMRect(left, top, right - left, bottom - top) : undefined;
  }

  function isCut(element: Element): boolean {
    if (!element.textContent?.trim()) return false;
    const { overflowX, textOverflow } = getComputedStyle(element);
    if (element instanceof HTMLInputElement || overflowX === "visible" || isUnseen(element)) return false;
    if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0) return false;
    if (overflowX === "auto" || overflowX === "scroll") return false;
    return !(textOverflow === "ellipsis" && element.closest("[title]:not([title=''])"));
  }

  function placeholderIsCut(field: HTMLInputElement): boolean {
    if (field.value !== "" || field.placeholder === "") return false;
    const { font, paddingLeft, paddingRight } = getComputedStyle(field);
    const pen = document.createElement("canvas").getContext("2d")!;
    pen.font = font;
    const room = field.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
    return pen.measureText(field.placeholder).width > room + 1;
  }

  /** Text that stands outside of its control. */
  function spills(control: Element): boolean {
    const box = control.getBoundingClientRect();
    const texts = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { parentElement } = texts.currentNode;
      if (!texts.currentNode.textContent?.trim() || !parentElement || parentElement.closest(".parley-unseen")) continue;
      if (isUnseen(parentElement) || getComputedStyle(parentElement).overflowX !== "visible") continue;
      const range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      const { left, right, width } = range.getBoundingClientRect();
      if (width > 0 && (left < box.left - 1 || right > box.right + 1)) return true;
    }
    return false;
  }

  /** How much of the square around its middle takes a press. */
  function isSmall(control: Element, box: DOMRect): boolean {
    // What is drawn has a zoom of its own; whatever it does, the lists do as well.
    const size = control.closest(DRAWING) ? 24 : target;
    const least = size - 0.5;
    const { width, height } = control.getBoundingClientRect();
    if (width >= least && height >= least) return false;
    // Some are larger than they look.
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const reach = size / 2 - 1;
    const takes = (dx: number, dy: number) => {
      const there = hit(x + dx, y + dy);
      if (there === null || layer(there) !== layer(control)) return true;
      return control.contains(there) || related(whole(control), there);
    };
    return !(
      (width >= least || (takes(-reach, 0) && takes(reach, 0))) &&
      (height >= least || (takes(0, -reach) && takes(0, reach)))
    );
  }

  const isInLine = (control: Element) =>
    control instanceof HTMLAnchorElement && getComputedStyle(control).display === "inline";

  if (document.documentElement.scrollWidth > innerWidth) complaints.push("the page is wider than the window");
  for (const control of document.querySelectorAll(CONTROLS)) {
    if (!control.checkVisibility() || isUnseen(control)) continue;
    const box = seen(control);
    if (box === undefined) continue;
    const middle = hit(box.x + box.width / 2, box.y + box.height / 2);
    // Below a dialog, or scrolled out: not there to be pressed.
    if (middle === null || !(related(control, middle) || related(whole(control), middle))) continue;
    for (const element of [control, ...control.querySelectorAll("*")])
      if (
        element.closest(CONTROLS) === control &&
        !element.matches(WITHIN) &&
        element.checkVisibility() &&
        isCut(element)
      )
        complaints.push(`cut: ${words(element)}`);
    if (control instanceof HTMLInputElement && placeholderIsCut(control))
      complaints.push(`cut: the placeholder “${control.placeholder}”`);
    if (!control.matches(WITHIN) && spills(control)) complaints.push(`spills: ${words(control)}`);
    const isHidden = control instanceof HTMLInputElement && (control.type === "radio" || control.type === "checkbox");
    const { width: wide, height: high } = control.getBoundingClientRect();
    const isWhole = box.width > wide - 1 && box.height > high - 1;
    if (isWhole && !isHidden && !isInLine(control) && isSmall(control, box)) {
      const { width, height } = control.getBoundingClientRect();
      complaints.push(`small: ${words(control)} ${Math.round(width)}×${Math.round(height)}`);
    }
    if (control.closest(DRAWING)) continue;
    const inset = Math.min(3, box.width / 4, box.height / 4);
    for (const [x, y] of [
      [box.left + inset, box.top + inset],
      [box.right - inset, box.top + inset],
      [box.left + inset, box.bottom - inset],
      [box.right - inset, box.bottom - inset],
    ] as const) {
      const over = hit(x, y)?.closest(CONTROLS);
      if (over && !related(control, over) && whole(over) !== whole(control) && layer(over) === layer(control)) {
        complaints.push(`overlaps: ${words(control)} and ${words(over)}`);
        break;
      }
    }
  }
  return [...new Set(complaints)];
}
