import type { NodeChange } from "@xyflow/react";
import { type MouseEvent as ReactMouseEvent, useMemo } from "react";
import { type Desk, isReadOnly } from "../app/editor/desk.js";
import { editOnCard } from "../writing/on-card.js";
import { START } from "./node-ids.js";
import type { CanvasEdge, CanvasNode } from "./project.js";

/** Clicks, double clicks and menus on the canvas, and what React Flow selects. */
export function usePointing(desk: Desk, drawn: () => { nodes: readonly CanvasNode[] }) {
  return useMemo(() => {
    const { bench, editor } = desk;
    const menu = (
      event: ReactMouseEvent | MouseEvent,
      about: "steps" | "canvas" | { edge: { step: string; port: string } },
    ) => {
      event.preventDefault();
      const anchor = { x: event.clientX, y: event.clientY };
      const at = desk.canvas.current?.toCanvas(anchor);
      bench.setState({ menu: { anchor, about, ...(at && { at }) } });
    };
    const portOf = ({ data }: CanvasEdge) => data?.edge && { step: data.edge.from, port: data.edge.port };
    const handlers = {
      onNodesChange: (changes: NodeChange<CanvasNode>[]) => {
        const selects = changes.filter((change) => change.type === "select");
        if (selects.length === 0) return;
        const { selection, select } = editor.getState();
        const items = new Map(drawn().nodes.map(({ id, data }) => [id, data.item]));
        const next = new Set(selection);
        for (const { id, selected } of selects) {
          const item = items.get(id);
          if (item === undefined || item === START) continue;
          if (selected) next.add(item);
          else next.delete(item);
        }
        select([...next]);
      },
      onNodeClick: (event: ReactMouseEvent, { data }: CanvasNode) => {
        if (isInText(event)) return;
        desk.canvas.current?.focus();
        // A click on one of many leaves that one; with a key held it adds or takes away.
        const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
        if (plain && data.item !== START) editor.getState().select([data.item]);
        // A click on a row takes that way out in hand.
        const port = portUnder(event, data);
        bench.setState({ edge: undefined, port: port === undefined ? undefined : { step: data.item, port } });
      },
      onNodeDoubleClick: (event: ReactMouseEvent, { data }: CanvasNode) => {
        if (!("marks" in data) || isInText(event)) return;
        const port = portUnder(event, data);
        const field = isPrompt(event) ? ("prompt" as const) : ("text" as const);
        const at = { step: data.item, ...(port === undefined ? { field } : { field: "port" as const, port }) };
        if (!editOnCard(desk, at)) editor.getState().run({ changes: [], focus: at }, "Edit");
      },
      onNodeContextMenu: (event: ReactMouseEvent, { data }: CanvasNode) => {
        if (isInText(event)) return;
        if (data.item === START) return menu(event, "canvas");
        const { selection, select } = editor.getState();
        if (!selection.includes(data.item)) select([data.item]);
        const port = portUnder(event, data);
        bench.setState({ edge: undefined, port: port === undefined ? undefined : { step: data.item, port } });
        menu(event, "steps");
      },
      onEdgeClick: (_event: ReactMouseEvent, edge: CanvasEdge) => {
        const from = portOf(edge);
        if (from === undefined || edge.data?.edge?.kind === "open") return;
        editor.getState().select([]);
        bench.setState({ edge: from, port: undefined });
        desk.canvas.current?.focus();
      },
      onEdgeContextMenu: (event: ReactMouseEvent, edge: CanvasEdge) => {
        const from = portOf(edge);
        if (from === undefined || edge.data?.edge?.kind === "open") return menu(event, "canvas");
        editor.getState().select([]);
        bench.setState({ edge: from, port: undefined });
        menu(event, { edge: from });
      },
      onPaneClick: () => {
        bench.setState({ edge: undefined, port: undefined });
        editor.getState().select([]);
        desk.canvas.current?.focus();
      },
      /** On the empty canvas: what is to be there. */
      onDoubleClick: (event: ReactMouseEvent) => {
        if (!(event.target instanceof Element && event.target.classList.contains("react-flow__pane"))) return;
        if (isReadOnly(desk)) return;
        const anchor = { x: event.clientX, y: event.clientY };
        const at = desk.canvas.current?.toCanvas(anchor);
        bench.setState({ picker: { purpose: "add", anchor, ...(at && { at }) } });
      },
      /** A finger held still on something. */
      onLongPress: (target: Element, at: { clientX: number; clientY: number }) => {
        const event = { ...at, target, preventDefault: () => {} } as unknown as ReactMouseEvent;
        const id = target.closest<HTMLElement>(".react-flow__node")?.dataset.id;
        const node = drawn().nodes.find((node) => node.id === id);
        if (node !== undefined) handlers.onNodeContextMenu(event, node);
        else if (target.closest(".react-flow__pane") !== null) handlers.onPaneContextMenu(event);
      },
      onPaneContextMenu: (event: ReactMouseEvent | MouseEvent) => menu(event, "canvas"),
    };
    return handlers;
  }, [desk, drawn]);
}

/** In a text that is being written the pointer is the text's, and so is the menu. */
const isInText = ({ target }: ReactMouseEvent): boolean =>
  target instanceof Element && target.closest("[data-writing]") !== null;

/** On the placeholder of a card. */
const isPrompt = ({ target }: ReactMouseEvent): boolean =>
  target instanceof Element && target.closest("[data-prompt]") !== null;

function portUnder(event: ReactMouseEvent, data: CanvasNode["data"]): string | undefined {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-port]") : null;
  const id = row?.dataset.port;
  return "marks" in data && data.step.ports.some((port) => port.id === id) ? id : undefined;
}
