import "@xyflow/react/dist/style.css";
import {
  Background,
  Controls,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  useEdgesState,
  useNodesState,
} from "@xyflow/react";
import { memo, useState } from "react";
import { createRoot } from "react-dom/client";
import type { BareEdge, BareNode, Drawn } from "./drawn.js";

/**
 * What the studio's canvas is measured against: React Flow as its first examples use it, in the look that it comes with,
 * and a box whose text is that of one node. Its size and place are those of the studio's canvas (`?left&top&width&height`).
 */
const Ported = memo(function Ported({ data }: NodeProps<Node<BareNode["data"]>>) {
  return (
    <>
      {data.entry !== undefined && (
        <Handle type="target" position={Position.Left} id="in" style={{ top: data.entry }} />
      )}
      {data.label}
      {data.exits.map(({ id, y }) => (
        <Handle key={id} type="source" position={Position.Right} id={id} style={{ top: y }} />
      ))}
    </>
  );
});
// In place of the node of one entry and one exit, so that the look is that of the library.
const NODE_TYPES = { default: Ported };

function Page({ drawn, box, view }: { drawn: Drawn; box: Record<string, number>; view: [number, number] }) {
  const [nodes, setNodes, onNodesChange] = useNodesState<Node<BareNode["data"]>>(
    drawn.nodes as Node<BareNode["data"]>[],
  );
  const [edges, , onEdgesChange] = useEdgesState<BareEdge>(drawn.edges as BareEdge[]);
  const [typed, setTyped] = useState<string>();
  const text = nodes.find(({ id }) => id === typed)?.data.label ?? "";
  const write = (label: string) =>
    setNodes((nodes) => nodes.map((node) => (node.id === typed ? { ...node, data: { ...node.data, label } } : node)));
  return (
    <>
      <textarea aria-label="Text" value={text} onChange={(event) => write(event.currentTarget.value)} />
      <div style={{ position: "fixed", ...box }}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onNodeClick={(_event, { id }) => setTyped(id)}
          defaultViewport={{ x: view[0], y: view[1], zoom: 1 }}
          minZoom={0.05}
          panOnScroll
          onlyRenderVisibleElements
        >
          <Background />
          <Controls />
        </ReactFlow>
      </div>
    </>
  );
}

const asked = new URLSearchParams(location.search);
const number = (name: string) => Number(asked.get(name));
const box = Object.fromEntries(["left", "top", "width", "height"].map((name) => [name, number(name)]));
const drawn: Drawn = await (await fetch("drawn.json")).json();
createRoot(document.getElementById("app")!).render(<Page drawn={drawn} box={box} view={[number("x"), number("y")]} />);
