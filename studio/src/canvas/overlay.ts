import { createStore, type StoreApi } from "zustand/vanilla";
import type { Editor } from "../editor/store.js";
import { NO_PAINT, type Paint, paint } from "./overlay-paint.js";

/** How many conversations came by a state, and how many of them stopped there. */
export type Count = { readonly came: number; readonly stopped: number };

/** What is painted over the drawing, by the names of states. Whatever is absent is not painted. */
export type Overlay = {
  /** What waits for an answer. */
  readonly waiting?: ReadonlySet<string>;
  /** The way of a conversation: what sent or matched, in order. */
  readonly path?: readonly string[];
  /** What tests come by; everything else is shown as not tested. */
  readonly tested?: ReadonlySet<string>;
  readonly counts?: ReadonlyMap<string, Count>;
};

/**
 * Who paints. Of two that paint the same, the one further to the front of this list is seen: whoever looks at a past
 * conversation has asked for it, the preview is always there.
 */
const LAYERS = ["conversation", "preview", "tests", "counts"] as const;
export type Layer = (typeof LAYERS)[number];
type Layers = Readonly<Partial<Record<Layer, Overlay>>>;

type Kept = { readonly layers: StoreApi<Layers>; readonly paint: StoreApi<Paint> };
const overlays = new WeakMap<Editor, Kept>();

/** Paints over the drawing of an open flow, or takes the paint of this layer away. */
export function showOverlay(editor: Editor, layer: Layer, overlay: Overlay | undefined): void {
  const { layers } = keptOf(editor);
  const { [layer]: _, ...others } = layers.getState();
  layers.setState(overlay === undefined ? others : { ...others, [layer]: overlay }, true);
}

/** The paint on each step and edge of the present view. A step whose paint stays the same keeps the same object. */
export const paintOf = (editor: Editor): StoreApi<Paint> => keptOf(editor).paint;

function keptOf(editor: Editor): Kept {
  const known = overlays.get(editor);
  if (known) return known;
  const made: Kept = { layers: createStore<Layers>(() => ({})), paint: createStore<Paint>(() => NO_PAINT) };
  overlays.set(editor, made);
  const again = () => {
    const before = made.paint.getState();
    const now = paint(flatten(made.layers.getState()), editor.getState().steps, before);
    if (now !== before) made.paint.setState(now, true);
  };
  made.layers.subscribe(again);
  editor.subscribe((now, before) => {
    if (now.steps !== before.steps) again();
  });
  return made;
}

function flatten(layers: Layers): Overlay {
  const parts = LAYERS.flatMap((layer) => layers[layer] ?? []).reverse();
  return Object.assign({}, ...parts) as Overlay;
}
