import { Background, BackgroundVariant, ReactFlow, SelectionMode } from "@xyflow/react";
import { useMemo, useRef, useState } from "react";
import { STEPS_ATTRIBUTE } from "../app/editor/action.js";
import { useBench, useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { usePreferences } from "../app/preferences.js";
import type { StepGraph } from "../document/steps.js";
import { ZOOM } from "../theme/theme.js";
import { useWritingBrought } from "../writing/OnCard.js";
import classes from "./Canvas.module.css";
import { CanvasControls } from "./CanvasControls.js";
import { CanvasProvider } from "./canvas-context.js";
import { WayEdge } from "./edges/WayEdge.js";
import { handleId, nodeId } from "./node-ids.js";
import { Card } from "./nodes/Card.js";
import { GroupFrame } from "./nodes/GroupFrame.js";
import { NoteCard } from "./nodes/NoteCard.js";
import { Pill } from "./nodes/Pill.js";
import { StartFlag } from "./nodes/StartFlag.js";
import { Overview } from "./Overview.js";
import type { CanvasEdge, CanvasNode } from "./project.js";
import { useActs } from "./use-acts.js";
import { useClipboard } from "./use-clipboard.js";
import { useConnecting } from "./use-connecting.js";
import { useDrag } from "./use-drag.js";
import { useDrop } from "./use-drop.js";
import { FarProvider } from "./use-far.js";
import { useFollow } from "./use-follow.js";
import { useHandle } from "./use-handle.js";
import { useLiveNodes } from "./use-live-nodes.js";
import { useLongPress } from "./use-long-press.js";
import { useMoving } from "./use-moving.js";
import { useNearby } from "./use-nearby.js";
import type { Places } from "./use-places.js";
import { usePointing } from "./use-pointing.js";
import { useProjection } from "./use-projection.js";
import { useReconnecting } from "./use-reconnecting.js";
import { useSteady } from "./use-steady.js";
import { useViewport } from "./use-viewport.js";
import { useWalk } from "./use-walk.js";

const NODE_TYPES = { card: Card, pill: Pill, note: NoteCard, group: GroupFrame, start: StartFlag };
const EDGE_TYPES = { way: WayEdge };
const PRO = { hideAttribution: true };
const MIDDLE = [1];
const LEFT_AND_MIDDLE = [0, 1];

export function CanvasView({ graph, places }: { graph: StepGraph; places: Places }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const [preferences] = usePreferences();
  const selection = useEditor((state) => state.selection);
  const view = useEditor((state) => state.view);
  const port = useBench((bench) => bench.port);
  const edgeInHand = useBench((bench) => bench.edge);
  const wrapper = useRef<HTMLDivElement>(null);
  const wantsAll = useRef(false);

  const projection = useProjection(graph, places.places);
  const drawn = useRef(projection);
  drawn.current = projection;
  const [getDrawn] = useState(() => () => drawn.current);

  useHandle({ desk, wrapper, places, drawn: getDrawn, wantsAll });
  const drag = useDrag(desk, getDrawn);
  const drop = useDrop(desk, getDrawn);
  const connecting = useConnecting(desk, getDrawn);
  const reconnecting = useReconnecting(desk, getDrawn);
  const pointing = usePointing(desk, getDrawn);
  const acts = useActs(desk);
  const onKeyDown = useWalk(desk, getDrawn);
  useClipboard(desk, wrapper);
  useWritingBrought(wrapper, readOnly);
  useLongPress(wrapper, pointing.onLongPress);
  useFollow(desk, projection);
  useSteady(wrapper);
  const onMove = useMoving(wrapper);
  useViewport(desk, projection, places.ready ? view : undefined, wrapper, wantsAll);

  const target = drag.target ?? drop.target;
  const { near } = reconnecting;
  const nearby = useNearby(projection, { selection, edge: near });
  const nodes = useLiveNodes(nearby.nodes, { selection, dragged: drag.dragged, target });
  const edges = useMemo(
    () => markEdges(nearby.edges, { inHand: edgeInHand, target, near }),
    [nearby.edges, edgeInHand, target, near],
  );
  const current = selection.at(-1);
  // What was in hand may be gone, by an undo or by somebody else.
  const way = useEditor(({ steps }) => {
    const isThere =
      port?.step === current && steps.byId.get(port?.step ?? "")?.ports.some(({ id }) => id === port?.port);
    return isThere ? port?.port : undefined;
  });
  return (
    <CanvasProvider value={acts}>
      <FarProvider>
        <ReactFlow<CanvasNode, CanvasEdge>
          ref={wrapper}
          {...{ [STEPS_ATTRIBUTE]: "" }}
          className={classes.canvas ?? ""}
          tabIndex={0}
          aria-label="The conversation as a drawing. Arrow keys walk along it."
          aria-activedescendant={current && acts.elementId(current, way)}
          data-connecting={connecting.active || undefined}
          data-view={view}
          onKeyDown={onKeyDown}
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          minZoom={ZOOM.min}
          maxZoom={ZOOM.max}
          proOptions={PRO}
          onlyRenderVisibleElements
          disableKeyboardA11y
          nodesFocusable={false}
          edgesFocusable={false}
          nodesDraggable={!readOnly}
          nodesConnectable={!readOnly}
          deleteKeyCode={null}
          elevateNodesOnSelect={false}
          edgesReconnectable={false}
          connectOnClick={false}
          connectionRadius={24}
          connectionDragThreshold={4}
          nodeDragThreshold={3}
          selectNodesOnDrag
          selectionMode={SelectionMode.Partial}
          selectionOnDrag={!preferences.mouse}
          panOnDrag={preferences.mouse ? LEFT_AND_MIDDLE : MIDDLE}
          panOnScroll={!preferences.mouse}
          zoomOnScroll={preferences.mouse}
          zoomOnDoubleClick={false}
          onMove={onMove}
          onNodesChange={pointing.onNodesChange}
          onNodeDragStart={drag.start}
          onNodeDrag={drag.drag}
          onNodeDragStop={drag.stop}
          onNodeClick={pointing.onNodeClick}
          onNodeDoubleClick={pointing.onNodeDoubleClick}
          onNodeContextMenu={pointing.onNodeContextMenu}
          onEdgeClick={pointing.onEdgeClick}
          onEdgeContextMenu={pointing.onEdgeContextMenu}
          onPaneClick={pointing.onPaneClick}
          onDoubleClick={pointing.onDoubleClick}
          onPaneContextMenu={pointing.onPaneContextMenu}
          onConnectStart={connecting.start}
          onConnect={connecting.connect}
          onConnectEnd={connecting.end}
          isValidConnection={connecting.isValid}
          {...reconnecting.handlers}
          {...drop.handlers}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} />
          {preferences.minimap && <Overview nodes={projection.boxes} />}
          <CanvasControls />
        </ReactFlow>
      </FarProvider>
    </CanvasProvider>
  );
}

type Marked = {
  /** The edge that was clicked. */
  readonly inHand: { readonly step: string; readonly port: string } | undefined;
  /** The one that is about to take what is held over it. */
  readonly target: string | undefined;
  /** The one whose end the pointer is at. */
  readonly near: string | undefined;
};

/** Edges with what is true of them now. */
function markEdges(edges: readonly CanvasEdge[], { inHand, target, near }: Marked): CanvasEdge[] {
  if (inHand === undefined && target === undefined && near === undefined) return edges as CanvasEdge[];
  const source = inHand && nodeId(inHand.step);
  const handle = inHand && handleId(inHand.port);
  return edges.map((edge) => {
    if (edge.id === target) return { ...edge, className: classes.splice ?? "" };
    const selected = edge.source === source && edge.sourceHandle === handle;
    const reconnectable = edge.id === near ? ("target" as const) : false;
    // Of several that end in one place, the one in hand lies on top.
    return selected || reconnectable ? { ...edge, selected, reconnectable, zIndex: 1 } : edge;
  });
}
