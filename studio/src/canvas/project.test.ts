import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, applyAll } from "../document/apply.js";
import { anyGesture, perform } from "../document/commands/gesture.arbitrary.js";
import { renameState } from "../document/commands/rename.js";
import type { Draft } from "../document/draft.js";
import { readStates, readSteps } from "../document/steps.js";
import { edgePoints } from "./curve.js";
import { edgeUnder } from "./edge-at.js";
import { elementId, handleId, nodeId, START } from "./node-ids.js";
import { placeRest } from "./places.js";
import { project } from "./project.js";
import { overlap, portY, sizeOf } from "./size.js";

const flow = JSON.parse(readFileSync(new URL("../../../flows/bot-assistant.json", import.meta.url), "utf8"));
const draft: Draft = {
  flow,
  layout: {
    positions: { greetings: { x: 0, y: 0 }, langChoices: { x: 440, y: 0 } },
    notes: [{ id: "n1", text: "Ask Jo", x: 0, y: 400 }],
    groups: [{ id: "g1", title: "Opening", states: ["greetings", "langChoices", "langChoiceGo"] }],
  },
  settings: {},
};

type Drawn = { readonly graph: ReturnType<typeof readSteps>; readonly drawn: ReturnType<typeof project> };

function draw(of: Draft, before?: Drawn): Drawn {
  const graph = readSteps(of, before?.graph);
  const places = new Map(Object.entries(of.layout.positions ?? {}));
  placeRest(graph, places);
  return { graph, drawn: project({ graph, layout: of.layout, places, marks: new Map() }, before?.drawn) };
}

/** The places of before while the steps and the layout are those of before: as the canvas finds them. */
function placesLike(of: Draft, graph: Drawn["graph"], before: Parameters<typeof project>[0] | undefined) {
  const same = graph.steps.map(({ id }) => id).join() === before?.graph.steps.map(({ id }) => id).join();
  if (before !== undefined && same && of.layout === before.layout) return before.places;
  const places = new Map(Object.entries(of.layout.positions ?? {}));
  placeRest(graph, places);
  return places;
}

describe("the drawing", () => {
  it("bot-assistant.json is 5 cards and 7 edges, with a flag, a note and a group", () => {
    const { nodes, edges } = draw(draft).drawn;
    expect(nodes.filter(({ type }) => type === "card")).toHaveLength(5);
    expect(nodes.map(({ type }) => type).filter((type) => type !== "card")).toEqual(["group", "note", "start"]);
    expect(edges.filter(({ data }) => data?.edge !== undefined)).toHaveLength(7);
    expect(edges.map(({ data }) => data?.label)).toContain("Rust");
  });

  it("comments that nobody has put anywhere lie by their step, and on nothing", () => {
    const about = (id: string, state: string) => ({ id, text: id, state });
    const notes = [
      about("1", "langChoices"),
      about("2", "langChoices"),
      about("3", "langChoiceGo"),
      about("gone", "nothing of that name"),
      { id: "n", text: "Where it was put", x: 440, y: -160, width: 300 },
    ];
    const { nodes } = draw({ ...draft, layout: { ...draft.layout, notes } }).drawn;
    const boxOf = (type: string) =>
      nodes
        .filter((node) => node.type === type)
        .map(({ position, width = 0, height = 0 }) => ({ ...position, width, height }));
    const drawn = boxOf("note");
    expect(drawn).toHaveLength(5);
    for (const [n, note] of drawn.entries()) {
      const others = [...boxOf("card"), ...drawn.filter((_, at) => at !== n)];
      expect(others.filter((other) => overlap(note, other)).length, notes[n]!.id).toBe(0);
    }
    const card = nodes.find(({ data }) => data.item === "langChoices")!;
    for (const note of drawn.slice(0, 3)) expect(note.x).toBe(card.position.x);
  });

  it("in the States view every state is a node", () => {
    const graph = readStates(draft);
    const places = new Map(graph.steps.map(({ id }, index) => [id, { x: index * 300, y: 0 }]));
    const { nodes } = project({ graph, layout: {}, places, marks: new Map() });
    expect(nodes.filter(({ type }) => type === "pill")).toHaveLength(6);
    expect(nodes.filter(({ type }) => type === "card")).toHaveLength(6);
  });

  it("what did not change is the same object again", () => {
    const before = draw(draft);
    const { draft: edited } = apply(draft, {
      kind: "set",
      at: ["done", "sendRequest", "content"],
      value: "Bye!",
    });
    const after = draw(edited, before);
    const kept = after.drawn.nodes.filter((node) => before.drawn.nodes.includes(node));
    expect(after.drawn.nodes.length - kept.length).toBe(1);
    expect(after.drawn.edges.every((edge) => before.drawn.edges.includes(edge))).toBe(true);
  });

  it("drawn after an edit, it is what it would be drawn anew", () => {
    const looks = ({ nodes, edges }: ReturnType<typeof project>) => ({
      nodes,
      // The steps within an edge are those that it was made of: nothing of them is drawn but its label.
      edges: edges.map(({ data, ...edge }) => ({ ...edge, data: { ...data, from: undefined, to: undefined } })),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(anyGesture, fc.nat()), { maxLength: 12 }), (gestures) => {
        let given: Parameters<typeof project>[0] | undefined;
        let drawn: ReturnType<typeof project> | undefined;
        let edited = draft;
        let id = 0;
        for (const [gesture, number] of gestures) {
          edited = applyAll(edited, perform(edited, gesture, () => `id${++id}`).changes).draft;
          const graph = readSteps(edited, given?.graph);
          const marked = graph.steps[number % Math.max(1, graph.steps.length)]?.id;
          const mark = { problems: 1, hints: 0, sentences: ["Wrong"], ports: new Map() };
          const marks = new Map(marked === undefined || number % 3 === 0 ? [] : [[marked, mark]]);
          given = { graph, layout: edited.layout, places: placesLike(edited, graph, given), marks };
          drawn = project(given, drawn);
          expect(looks(drawn)).toEqual(looks(project(given)));
        }
      }),
    );
  });

  it("a group that names an answer knows the step by its new name", () => {
    const grouped: Draft = { ...draft, layout: { groups: [{ id: "g1", title: "Opening", states: ["langChoiceGo"] }] } };
    const before = draw(grouped);
    const { draft: renamed } = applyAll(grouped, renameState(grouped, { state: "langChoices", to: "asked" }).changes);
    const after = draw(renamed, before);
    const group = after.drawn.nodes.find(({ type }) => type === "group");
    expect(group?.data).toMatchObject({ members: ["asked"] });
  });

  it("a letter that is typed draws its own step anew, and no box", () => {
    const before = draw(draft);
    const places = new Map(before.drawn.nodes.map(({ data, position }) => [data.item, position]));
    const first = { graph: before.graph, layout: draft.layout, places, marks: new Map() };
    const drawn = project(first);
    const { draft: edited } = apply(draft, { kind: "set", at: ["done", "sendRequest", "content"], value: "Bye!" });
    const graph = readSteps(edited, before.graph);
    const after = project({ ...first, graph }, drawn);
    expect(after.boxes).toBe(drawn.boxes);
    expect(after.edges).toBe(drawn.edges);
    expect(after.nodes.filter((node, index) => node !== drawn.nodes[index]).map(({ data }) => data.item)).toEqual([
      graph.stepOf.get("done"),
    ]);
  });

  it("a moved step is another node, with its flag, and its edges are the same", () => {
    const before = draw(draft);
    const { draft: moved } = apply(draft, { kind: "place", name: "greetings", to: { x: 40, y: 40 } });
    const after = draw(moved, before);
    const changed = after.drawn.nodes.filter((node) => !before.drawn.nodes.includes(node));
    expect(changed.map(({ data }) => data.item).sort()).toEqual([START, "greetings", "group:g1"].sort());
    expect(after.drawn.edges.every((edge) => before.drawn.edges.includes(edge))).toBe(true);
  });

  it("handles stand where their rows are", () => {
    const { graph, drawn } = draw(draft);
    const step = graph.byId.get("langChoices")!;
    const node = drawn.nodes.find(({ data }) => data.item === "langChoices")!;
    for (const port of step.ports) {
      expect(node.handles?.find(({ id }) => id === handleId(port.id))?.y).toBe(portY(step, port.id) - 6);
    }
    expect(portY(step, step.ports.at(-1)!.id)).toBeLessThan(sizeOf(step).height);
  });
});

describe("ids", () => {
  const names = ['a"b', "a b", "a'b", "a\\b", "a\nb", "a.b", "a.32.b", "äöü", "言語", "a-b_c", "\u{1f600}", "\ud800"];
  it("are one to one, and stand in selectors and attributes as they are", () => {
    expect(new Set(names.map(nodeId)).size).toBe(names.length);
    expect(new Set(names.map((name) => elementId(name, "then"))).size).toBe(names.length);
    for (const name of names) {
      expect(nodeId(name)).not.toMatch(/["\\\s]/);
      expect(handleId(name)).not.toMatch(/["\\\n]/);
    }
  });
});

describe("what lies under a card", () => {
  it("the edge that runs there, unless it is the card's own", () => {
    const { drawn } = draw(draft);
    const nodes = new Map(drawn.nodes.map((node) => [node.id, node]));
    const over = { x: 280, y: -30, width: 120, height: 100 };
    const found = edgeUnder(over, nodes, drawn.edges, new Set());
    expect(found?.data?.edge).toMatchObject({ from: "greetings", to: "langChoices" });
    expect(edgeUnder(over, nodes, drawn.edges, new Set([nodeId("greetings")]))).toBeUndefined();
    expect(edgeUnder({ ...over, y: 900 }, nodes, drawn.edges, new Set())).toBeUndefined();
  });

  it("an edge that closes a loop is found where it runs: below its cards", () => {
    const points = edgePoints({ from: { x: 500, y: 20 }, to: { x: 0, y: 20 }, fromDepth: 100, toDepth: 60 });
    expect(Math.max(...points.map(({ y }) => y))).toBeGreaterThan(120);
  });
});
