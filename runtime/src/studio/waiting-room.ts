import type { WaitingRoom } from "../registry/flow-files.js";
import { pack } from "./blobs.js";
import type { StudioEvents } from "./events.js";
import type { StudioStore } from "./store.js";

/** The studio keeps the versions of files that wait. A flow that was published has a row in it. */
export function waitingRoom(store: StudioStore, events: StudioEvents, now: () => number): WaitingRoom {
  return {
    last(flow) {
      const row = store.flows.get(flow);
      return row && store.held.last(row.key);
    },
    async add(file, version) {
      const row = store.flows.get(file.id);
      if (!row) return;
      const [json, settings] = await Promise.all([
        pack(JSON.stringify(file.json)),
        pack(JSON.stringify(file.settings)),
      ]);
      store.held.add(row.key, { json, settings, at: now(), ...version });
      events.emit({ kind: "flow", flow: file.id });
    },
  };
}
