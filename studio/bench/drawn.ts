import type { Layout } from "@parley/shared/flow/layout";
import { ENTRY } from "../src/canvas/node-ids.js";
import { project } from "../src/canvas/project.js";
import { stepText } from "../src/canvas/step-words.js";
import type { FlowJson } from "../src/document/draft.js";
import { readStates, readSteps, type View } from "../src/document/steps.js";

type Port = { readonly id: string; readonly y: number };
/** A card as a bare page draws it: sizes in pixels, ports by their middle. */
export type BareNode = {
  readonly id: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly width: number;
  readonly height: number;
  readonly data: { readonly label: string; readonly entry: number | undefined; readonly exits: readonly Port[] };
};
export type BareEdge = {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly sourceHandle: string;
  readonly targetHandle: string;
};
export type Drawn = { readonly nodes: readonly BareNode[]; readonly edges: readonly BareEdge[] };

/** What the studio's canvas draws of a flow, with nothing but places, sizes, ports and texts left of it. */
export function drawn(flow: FlowJson, layout: Layout, view: View): Drawn {
  const draft = { flow, layout, settings: {} };
  const graph = view === "steps" ? readSteps(draft) : readStates(draft);
  const places = new Map(Object.entries(layout.positions ?? {}));
  const { nodes, edges } = project({ graph, layout, places, marks: new Map() });
  return {
    nodes: nodes.map(({ id, position, width = 0, height = 0, handles = [], data }) => ({
      id,
      position,
      width,
      height,
      data: {
        label: "step" in data && typeof data.step === "object" ? stepText(data.step) : "Start",
        entry: handles?.find(({ type }) => type === "target")?.y,
        exits: (handles ?? [])
          .filter(({ type }) => type === "source")
          .map(({ id, y, height = 0 }) => ({ id: id ?? "", y: y + height / 2 })),
      },
    })),
    edges: edges.map(({ id, source, target, sourceHandle, targetHandle }) => ({
      id,
      source,
      target,
      sourceHandle: sourceHandle ?? "",
      targetHandle: targetHandle ?? ENTRY,
    })),
  };
}
