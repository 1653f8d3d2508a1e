import type { InboxRow } from "@parley/shared/api/inbox";
import { describe, expect, it } from "vitest";
import { alertsOf, held, NOTHING, rowsOf, span, told, unreadIn } from "./inbox.js";

const sid = (n: number) => n.toString(16).padStart(40, "0");
const row = (n: number, more: Partial<InboxRow> = {}): InboxRow => ({
  ...{ conversation: sid(n), flow: "f", title: "F", byHand: false, texts: [], replied: 0 },
  ...{ opened: `2026-01-01T00:0${n}:00.000Z`, since: `2026-01-01T00:0${n}:00.000Z` },
  ...more,
});
const delta = (rows: InboxRow[], gone: string[] = []) => ({ kind: "Inbox", whole: false, rows, gone }) as const;
const ids = (rows: readonly InboxRow[]) => rows.map(({ conversation }) => Number.parseInt(conversation, 16));

describe("the inbox", () => {
  it("takes what it is told, and everything anew when it is told everything", () => {
    const one = told(NOTHING, {
      ...delta([row(1), row(2)]),
      whole: true,
      more: 3,
      marks: { [sid(1)]: 4 },
      available: true,
    });
    const two = told(one, delta([row(3)], [sid(1)]));
    expect([ids([...two.rows.values()]), two.more, two.available, two.marks]).toEqual([
      [2, 3],
      3,
      true,
      { [sid(1)]: 4 },
    ]);
    expect(two.rows.get(sid(2))).toBe(one.rows.get(sid(2)));
    expect(told(two, { ...delta([]), whole: true }).rows.size).toBe(0);
  });

  it("shows who waits longest first, one's own by who wrote last, and a queue by its name", () => {
    const by = "person:Ada";
    const state = told(
      NOTHING,
      delta([
        row(2, { queue: "Sales" }),
        row(1),
        row(3, { by, saidAt: "2026-01-01T00:05:00.000Z" }),
        row(4, { by }),
        row(5, { by: "person:Bob" }),
      ]),
    );
    expect(ids(rowsOf(state, "waiting", by))).toEqual([1, 2]);
    expect(ids(rowsOf(state, "mine", by))).toEqual([3, 4]);
    expect(ids(rowsOf(state, "all", by))).toEqual([1, 2, 3, 4, 5]);
    expect([ids(rowsOf(state, "all", by, "sales")), ids(rowsOf(state, "waiting", by, "General"))]).toEqual([[2], [1]]);
  });

  it("moves nothing under the pointer: what is new comes behind", () => {
    expect(ids(held([sid(3), sid(1)], [row(0), row(1), row(2), row(3)]))).toEqual([3, 1, 0, 2]);
  });

  it("counts as unread what was neither read nor answered", () => {
    const one = row(1, { texts: [3, 5, 7], replied: 3 });
    expect([unreadIn(one, {}), unreadIn(one, { [sid(1)]: 5 }), unreadIn({ ...one, replied: 8 }, {})]).toEqual([
      2, 1, 0,
    ]);
  });

  it("tells of what starts to wait and of who writes in one's own, and of nothing else", () => {
    const me = "person:Ada";
    const before = told(NOTHING, delta([row(1, { by: me, texts: [3] }), row(2), row(3, { by: me })]));
    const now = told(
      before,
      delta([row(1, { by: me, texts: [3, 5] }), row(2, { said: "x", texts: [4] }), row(3), row(4)]),
    );
    expect(alertsOf(before, now, me).map(({ kind, row }) => `${kind} ${ids([row])}`)).toEqual([
      ...["wrote 1", "waits 3", "waits 4"],
    ]);
    expect(alertsOf(now, now, me)).toEqual([]);
  });

  it("says how long in few letters", () => {
    const at = (minutes: number) => span("2026-01-01T00:00:00.000Z", Date.UTC(2026, 0, 1, 0, minutes));
    expect([at(0), at(1), at(59), at(60), at(2_879), at(2_880)]).toEqual([
      "now",
      "1 min",
      "59 min",
      "1 h",
      "47 h",
      "2 d",
    ]);
  });
});
