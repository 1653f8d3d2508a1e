import type { Present, StudioServerFrame } from "@parley/shared/api/socket";

/** One tab of the studio, as far as presence is concerned. */
export type Tab = {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly send: (frame: StudioServerFrame) => void;
};
type Looking = { readonly flow: string; readonly step: string | undefined };

/** Who has which flow open. Not stored: a tab that comes back says it again. */
export class PresenceBook {
  readonly #tabs = new Map<Tab, Looking | undefined>();

  get tabs(): Iterable<Tab> {
    return this.#tabs.keys();
  }

  /** The tab of this id. */
  find(id: string): Tab | undefined {
    for (const tab of this.#tabs.keys()) if (tab.id === id) return tab;
    return undefined;
  }

  join(tab: Tab): void {
    this.#tabs.set(tab, undefined);
  }

  leave(tab: Tab): void {
    const before = this.#tabs.get(tab);
    this.#tabs.delete(tab);
    if (before) this.#tell(before.flow);
  }

  /** The tab has this flow open, or none. Everybody who has that flow, or had the tab beside him, is told. */
  look(tab: Tab, flow: string | undefined, step: string | undefined): void {
    const before = this.#tabs.get(tab);
    if (before?.flow === flow && before?.step === step) return;
    this.#tabs.set(tab, flow === undefined ? undefined : { flow, step });
    if (before && before.flow !== flow) this.#tell(before.flow);
    if (flow !== undefined) this.#tell(flow);
  }

  /** The tabs that have a flow open. */
  at(flow: string): Tab[] {
    return [...this.#tabs].filter(([, looking]) => looking?.flow === flow).map(([tab]) => tab);
  }

  #tell(flow: string): void {
    const tabs = this.at(flow);
    const present = tabs.map((tab): Present => {
      const step = this.#tabs.get(tab)?.step;
      return { tab: tab.id, user: tab.user, name: tab.name, ...(step === undefined ? {} : { step }) };
    });
    for (const tab of tabs)
      tab.send({ kind: "Presence", flow, present: present.filter(({ tab: id }) => id !== tab.id) });
  }
}
