import type { Page } from "@playwright/test";

type AxNode = {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[];
  readonly childIds?: readonly string[];
};

/** The conversation's live region as the browser's accessibility tree has it. */
export type LiveRegion = {
  readonly live: unknown;
  readonly atomic: unknown;
  readonly relevant: unknown;
  readonly text: string;
};

/** Reads the log as a screen reader is given it: how it is announced, and its words. */
export async function liveRegionOf(page: Page): Promise<LiveRegion> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send("Accessibility.getFullAXTree")) as unknown as { nodes: AxNode[] };
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const log = nodes.find((node) => node.role?.value === "log")!;
  const property = (name: string) => log.properties?.find((one) => one.name === name)?.value.value;
  const words = (node: AxNode): string[] => {
    if (node.role?.value === "StaticText") return [node.name?.value ?? ""];
    return (node.childIds ?? []).flatMap((id) => (byId.has(id) ? words(byId.get(id)!) : []));
  };
  return {
    live: property("live"),
    atomic: property("atomic"),
    relevant: property("relevant"),
    text: words(log).join(" ").replace(/\s+/g, " "),
  };
}

/** Notes what comes into the log while it is announced, as a screen reader would read it; told by `announced`. */
export const listenToLog = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const log = document.querySelector("parley-chat")!.shadowRoot!.querySelector('[role="log"]')!;
    const told: string[] = [];
    Object.assign(window, { told });
    const words = (node: Node): string => {
      if (node instanceof Element && (node.closest("[aria-hidden=true]") || node.matches("[hidden]"))) return "";
      return node instanceof Text ? node.data : [...node.childNodes].map(words).join(" ");
    };
    const note = (node: Node) => {
      const text = words(node).replace(/\s+/g, " ").trim();
      if (text && log.getAttribute("aria-live") !== "off") told.push(text);
    };
    for (const row of log.children) note(row);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) note(node);
    }).observe(log, { childList: true, subtree: true, characterData: true });
  });

export const announced = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { told: string[] }).told);
