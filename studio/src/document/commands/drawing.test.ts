import { describe, expect, it } from "vitest";
import { applyAll } from "../apply.js";
import type { Draft } from "../draft.js";
import { type Alignment, addNote, align, group, move, resolveNotes, setGroup, setNote, ungroup } from "./drawing.js";

const say = { sendRequest: { kind: "BotText", content: "x" } };
const draft: Draft = { flow: { a: say, b: say, c: say }, layout: {}, settings: {} };
const after = (draft: Draft, { changes }: { changes: Parameters<typeof applyAll>[1] }) =>
  applyAll(draft, changes).draft;
const boxes = [
  { step: "a", x: 0, y: 0, width: 100, height: 50 },
  { step: "b", x: 300, y: 40, width: 200, height: 100 },
  { step: "c", x: 120, y: 20, width: 100, height: 50 },
];

describe("drawing", () => {
  it.each<[Alignment, [number, number][]]>([
    [
      "left",
      [
        [0, 0],
        [0, 40],
        [0, 20],
      ],
    ],
    [
      "right",
      [
        [400, 0],
        [300, 40],
        [400, 20],
      ],
    ],
    [
      "centre",
      [
        [200, 0],
        [150, 40],
        [200, 20],
      ],
    ],
    [
      "top",
      [
        [0, 0],
        [300, 0],
        [120, 0],
      ],
    ],
    [
      "bottom",
      [
        [0, 90],
        [300, 40],
        [120, 90],
      ],
    ],
    [
      "middle",
      [
        [0, 45],
        [300, 20],
        [120, 45],
      ],
    ],
    [
      "across",
      [
        [0, 0],
        [300, 40],
        [150, 20],
      ],
    ],
    [
      "down",
      [
        [0, 0],
        [300, 132],
        [120, 66],
      ],
    ],
  ])("aligns steps %s", (to, places) => {
    const { positions } = after(draft, align(draft, { boxes, to })).layout;
    expect(["a", "b", "c"].map((name) => [positions?.[name]?.x, positions?.[name]?.y])).toEqual(places);
  });

  it("one step has nothing to be aligned with", () => {
    expect(align(draft, { boxes: boxes.slice(0, 1), to: "left" }).refused).toBeDefined();
  });

  it("moves steps and notes together", () => {
    const noted = after(draft, addNote(draft, { id: "n", text: "Look", at: { x: 1, y: 1 }, author: "Ada", now: 0 }));
    expect(noted.layout.notes).toEqual([
      { id: "n", text: "Look", x: 1, y: 1, author: "Ada", at: "1970-01-01T00:00:00.000Z" },
    ]);
    const positions = [
      { item: "a", to: { x: 5, y: 6 } },
      { item: "note:n", to: { x: 7, y: 8 } },
      { item: "note:gone", to: { x: 7, y: 8 } },
    ];
    const moved = after(noted, move(noted, { positions }));
    expect(moved.layout.positions).toEqual({ a: { x: 5, y: 6 } });
    expect(moved.layout.notes).toMatchObject([{ id: "n", text: "Look", x: 7, y: 8 }]);
    expect(after(moved, setNote(moved, { id: "n", text: "See", width: 200 })).layout.notes).toMatchObject([
      { text: "See", width: 200, x: 7 },
    ]);
  });

  it("resolves notes, opens them again, and says nothing of one that is as it should be", () => {
    const notes = [
      { id: "n", text: "N", state: "a" },
      { id: "m", text: "M", x: 0, y: 0, resolved: true },
    ];
    const noted: Draft = { ...draft, layout: { notes } };
    const resolved = resolveNotes(noted, { ids: ["n", "m", "gone"], resolved: true });
    expect(resolved.changes).toEqual([{ kind: "note", id: "n", note: { ...notes[0], resolved: true } }]);
    const open = resolveNotes(noted, { ids: ["n", "m"], resolved: false });
    expect(after(noted, open).layout.notes).toEqual([notes[0], { id: "m", text: "M", x: 0, y: 0 }]);
    expect(resolveNotes(noted, { ids: ["gone"], resolved: true }).refused).toBeDefined();
  });

  it("a step is in one group at most", () => {
    let now = after(draft, group(draft, { id: "g", title: "G", steps: ["a", "b", "gone", "note:n"] }));
    expect(now.layout.groups).toEqual([{ id: "g", title: "G", states: ["a", "b"] }]);
    now = after(now, group(now, { id: "h", steps: ["b", "c"] }));
    expect(now.layout.groups).toEqual([
      { id: "g", title: "G", states: ["a"] },
      { id: "h", title: "", states: ["b", "c"] },
    ]);
    now = after(now, setGroup(now, { id: "h", title: "H", steps: ["a", "c"] }));
    expect(now.layout.groups).toEqual([{ id: "h", title: "H", states: ["a", "c"] }]);
    const apart = ungroup(now, { ids: ["h"] });
    expect(apart.select).toEqual(["a", "c"]);
    expect(after(now, apart).layout.groups).toEqual([]);
    expect(group(draft, { id: "g", steps: [] }).refused).toBeDefined();
  });
});
