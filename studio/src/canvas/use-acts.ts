import { useState } from "react";
import type { Desk } from "../app/editor/desk.js";
import { isReadOnly } from "../app/editor/desk.js";
import { disconnect } from "../document/commands/connect.js";
import { setGroup, setNote } from "../document/commands/drawing.js";
import type { CanvasActs } from "./canvas-context.js";
import { elementId } from "./node-ids.js";

/** What cards and edges call. */
export function useActs(desk: Desk): CanvasActs {
  const [acts] = useState((): CanvasActs => {
    const { bench, editor } = desk;
    return {
      next: (step, port, { clientX, clientY }) => {
        editor.getState().select([step]);
        bench.setState({
          port: { step, port },
          picker: { purpose: "add", from: { step, port }, anchor: { x: clientX, y: clientY } },
        });
      },
      insert: (step, port, { clientX, clientY }) =>
        bench.setState({ picker: { purpose: "insert", from: { step, port }, anchor: { x: clientX, y: clientY } } }),
      cut: (step, port) => {
        const { draft, run } = editor.getState();
        run(disconnect(draft, { from: { step, port } }), "Remove a connection");
        bench.setState({ edge: undefined });
        desk.canvas.current?.focus();
      },
      hold: (item, members) => editor.getState().select([item, ...members]),
      editNote: (id, text) => {
        const { draft, run } = editor.getState();
        run(setNote(draft, { id, text }), "Write a note", `note ${id}`);
      },
      sizeNote: (id, width, height) => {
        const { draft, run } = editor.getState();
        const size = { width: Math.round(width), height: Math.round(height) };
        run(setNote(draft, { id, ...size }), "Resize a note", `size ${id}`);
      },
      titleGroup: (id, title) => {
        const { draft, run } = editor.getState();
        run(setGroup(draft, { id, title }), "Name a group", `group ${id}`);
      },
      graph: () => editor.getState().steps,
      elementId: (item, port) => `${desk.look ? "look-" : ""}${elementId(item, port)}`,
      readOnly: () => isReadOnly(desk),
    };
  });
  return acts;
}
