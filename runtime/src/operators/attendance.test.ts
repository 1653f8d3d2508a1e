import type { Role } from "@parley/shared/api/access";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StudioStore } from "../studio/store.js";
import { Attendance, GRACE } from "./attendance.js";

let store: StudioStore;
let now = 0;
const connected = new Set<string>();
beforeEach(() => {
  now = Date.parse("2026-01-15T12:00:00Z");
  connected.clear();
  store = new StudioStore(":memory:", () => now);
});
afterEach(() => store.close());

const attend = () => new Attendance({ store, connected: (person) => connected.has(person), now: () => now });
function person(id: string, role: Role = "operator", available = true): void {
  store.people.add({ id, name: id, role, password: null, created: 0 });
  store.available.set(id, available, now);
  connected.add(id);
}

describe("who is there", () => {
  it("whoever says so and has a tab open, or had one a minute ago", () => {
    const attendance = attend();
    now += GRACE;
    person("Ada");
    person("Bob", "operator", false);
    expect([attendance.anybody("chat", undefined), attendance.staff().people.map((one) => one.available)]).toEqual([
      true,
      [false, true, false],
    ]);
    connected.delete("Ada");
    attendance.left("Ada");
    now += GRACE - 1;
    expect(attendance.anybody("chat", undefined)).toBe(true);
    now += 1;
    expect(attendance.anybody("chat", undefined)).toBe(false);
    connected.add("Ada");
    expect(attendance.anybody("chat", undefined)).toBe(true);
    store.available.set("Ada", false, now);
    expect(attendance.anybody("chat", undefined)).toBe(false);
  });

  it("is not known right after a start: whoever was there gets his minute", () => {
    person("Ada");
    connected.delete("Ada");
    const attendance = attend();
    now += GRACE - 1;
    expect(attendance.anybody("chat", undefined)).toBe(true);
    now += 1;
    expect(attendance.anybody("chat", undefined)).toBe(false);
  });

  it("nobody without the right to answer, none who is no member, none while the queue is closed", () => {
    const attendance = attend();
    person("Eve", "viewer");
    expect(attendance.anybody("chat", "Sales")).toBe(false);
    person("Ada");
    person("Bob");
    expect(attendance.anybody("chat", "Sales")).toBe(true);
    store.queues.put("q1", { name: "Sales", zone: "UTC", members: ["Bob", "nobody"] });
    expect(store.queues.all()).toEqual([{ id: "q1", name: "Sales", zone: "UTC", members: ["Bob"] }]);
    store.available.set("Bob", false, now);
    expect([attendance.anybody("chat", "SALES "), attendance.anybody("chat", undefined)]).toEqual([false, true]);
    store.queues.put("q2", {
      name: "General",
      zone: "UTC",
      members: [],
      hours: [{ day: 4, from: "09:00", to: "12:00" }],
    });
    expect(attendance.anybody("chat", undefined)).toBe(false);
    store.queues.put("q2", {
      name: "General",
      zone: "Europe/London",
      members: [],
      hours: [{ day: 4, from: "09:00", to: "12:01" }],
    });
    expect(attendance.anybody("chat", undefined)).toBe(true);
    expect(attendance.staff(["Help", "sales"]).queues).toEqual([
      { name: "General", open: true, available: 1 },
      { name: "Sales", open: true, available: 0 },
      { name: "Help", open: true, available: 1 },
    ]);
    store.people.remove("Bob");
    expect(store.queues.find("Sales")?.members).toEqual([]);
    expect(store.queues.put("q3", { name: "sales", zone: "UTC", members: [] })).toBeUndefined();
    expect([store.queues.remove("q1"), store.queues.remove("q1")]).toEqual([true, false]);
  });

  it("knows how far somebody has read, and never less", () => {
    person("Ada");
    const [one, two] = ["a", "b"];
    expect([store.readMarks.set("Ada", one, 5), store.readMarks.set("Ada", one, 4)]).toEqual([true, false]);
    store.readMarks.set("Ada", two, 1);
    store.readMarks.forget(one);
    expect(store.readMarks.of("Ada")).toEqual({ b: 1 });
    store.readMarks.keep(["c"]);
    expect(store.readMarks.of("Ada")).toEqual({});
  });
});
