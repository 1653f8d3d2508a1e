import { useComputedColorScheme } from "@mantine/core";
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { memo, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import classes from "./Overview.module.css";
import type { CanvasNode } from "./project.js";
import { around, type Rect } from "./size.js";

/** In pixels; so large is the picture as well. */
const SIZE = { width: 176, height: 116 } as const;
const PADDING = 10;
/** The frame follows a pan so often, in ms: in each of its frames it would cost as much as the cards do. */
const PACE = 100;
const COLOURS: Readonly<Record<NonNullable<CanvasNode["type"]>, string>> = {
  card: "--parley-port",
  pill: "--parley-question",
  note: "--parley-note-line",
  group: "--parley-group",
  start: "--parley-start",
};

/**
 * The whole drawing in small, and what of it is seen; a press goes there. Painted in one picture: an element for each
 * step would cost a large flow more than the drawing itself.
 */
export const Overview = memo(function Overview({ nodes }: { nodes: readonly CanvasNode[] }) {
  const picture = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const store = useStoreApi();
  const flow = useReactFlow();
  const scheme = useComputedColorScheme();
  const fit = useMemo(() => fitInto(around(nodes.map(rectOf))), [nodes]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the scheme
  useLayoutEffect(() => paint(picture.current, nodes, fit), [nodes, fit, scheme]);
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    const place = () => {
      due = undefined;
      const { transform, width, height } = store.getState();
      const [x, y, zoom] = transform;
      if (frame.current === null) return;
      const left = fit.x + (-x / zoom) * fit.scale;
      const top = fit.y + (-y / zoom) * fit.scale;
      frame.current.style.transform = `translate(${left}px, ${top}px)`;
      frame.current.style.width = `${(width / zoom) * fit.scale}px`;
      frame.current.style.height = `${(height / zoom) * fit.scale}px`;
    };
    place();
    const unsubscribe = store.subscribe((now, before) => {
      if (now.transform === before.transform && now.width === before.width && now.height === before.height) return;
      due ??= setTimeout(place, PACE);
    });
    return () => {
      unsubscribe();
      clearTimeout(due);
    };
  }, [store, fit]);

  const go = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - left - fit.x) / fit.scale;
    const y = (event.clientY - top - fit.y) / fit.scale;
    void flow.setCenter(x, y, { zoom: flow.getZoom() });
  };
  return (
    <div
      className={`${classes.overview} react-flow__panel`}
      aria-hidden
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <canvas ref={picture} className={classes.picture} />
      <div ref={frame} className={classes.frame} />
    </div>
  );
});

type Fit = { readonly scale: number; readonly x: number; readonly y: number };

const rectOf = ({ position, width = 0, height = 0 }: CanvasNode): Rect => ({ ...position, width, height });

function fitInto(bounds: Rect | undefined): Fit {
  if (bounds === undefined) return { scale: 0.05, x: SIZE.width / 2, y: SIZE.height / 2 };
  const scale = Math.min(
    0.12,
    (SIZE.width - 2 * PADDING) / Math.max(1, bounds.width),
    (SIZE.height - 2 * PADDING) / Math.max(1, bounds.height),
  );
  return {
    scale,
    x: (SIZE.width - bounds.width * scale) / 2 - bounds.x * scale,
    y: (SIZE.height - bounds.height * scale) / 2 - bounds.y * scale,
  };
}

function paint(picture: HTMLCanvasElement | null, nodes: readonly CanvasNode[], { scale, x, y }: Fit): void {
  const context = picture?.getContext("2d");
  if (picture === null || context == null) return;
  const density = window.devicePixelRatio || 1;
  picture.width = SIZE.width * density;
  picture.height = SIZE.height * density;
  context.scale(density, density);
  const style = getComputedStyle(picture);
  const colours = new Map(Object.entries(COLOURS).map(([type, name]) => [type, style.getPropertyValue(name)]));
  for (const node of nodes) {
    context.fillStyle = colours.get(node.type ?? "card") ?? "";
    const { position, width = 0, height = 0 } = node;
    // A step is seen however small the whole is.
    const size = [Math.max(1, width * scale), Math.max(1, height * scale)] as const;
    context.fillRect(position.x * scale + x, position.y * scale + y, ...size);
  }
}
