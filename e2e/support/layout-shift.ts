import type { Page } from "@playwright/test";

type Shift = { readonly value: number; readonly drawing: boolean; readonly what: readonly string[] };
declare global {
  interface Window {
    parleyShifts: Shift[];
  }
}

/**
 * Has every page of this tab note what jumps. Also what follows a press of a key or button, which browsers leave out of
 * their sum; not what that is meant to do: a panel takes the room it needs beside the drawing, and a list holds what was
 * asked for.
 */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.parleyShifts = [];
    type LayoutShift = PerformanceEntry & {
      readonly value: number;
      readonly hadRecentInput: boolean;
      readonly sources: readonly { readonly node: Node | null }[];
    };
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as LayoutShift[]) {
        const nodes = sources.map(({ node }) => (node instanceof Element ? node : node?.parentElement));
        if (nodes.every((node) => node?.closest("[role=listbox], [role=tree]"))) continue;
        // Since a panel is laid out for itself, browsers name its head apart.
        const isPanel = (node: Element | null | undefined) => node?.matches("aside, aside [role=tablist]");
        if (hadRecentInput && nodes.every(isPanel)) continue;
        // What has gone since was drawn anew.
        const drawing = nodes.every((node) => !node?.isConnected || node.closest(".react-flow") !== null);
        const what = nodes.map((node) => `${node?.tagName}.${node?.getAttribute("class") ?? ""}`);
        window.parleyShifts.push({ value, drawing, what });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/**
 * What has jumped by more than a hundredth of the page, altogether since this was asked last.
 * @param leaving the drawing makes room for panels and goes to what is selected
 */
export async function shiftsOn(page: Page, leaving?: "drawing"): Promise<string[]> {
  const shifts = await page.evaluate(() => window.parleyShifts.splice(0));
  const counted = shifts.filter(({ drawing }) => leaving === undefined || !drawing);
  const sum = counted.reduce((sum, { value }) => sum + value, 0);
  return sum > 0.01 ? [`jumps by ${sum.toFixed(3)}: ${counted.flatMap(({ what }) => what).join("; ")}`] : [];
}
