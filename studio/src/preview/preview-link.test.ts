import type { PreviewTrace } from "@parley/shared/api/preview";
import { describe, expect, it } from "vitest";
import { ApiError, type CallApi } from "../api.js";
import type { Draft } from "../document/draft.js";
import { FakeClock } from "../testing/fake-server.js";
import { PreviewLink, type PreviewState } from "./preview-link.js";

const question = (groupId: string) => ({
  sendRequest: { kind: "ChoiceRequest", groupId, question: "Well?", choices: [{ itemId: "a", content: "A" }] },
});
const draftOf = (flow: object): Draft => ({ flow, layout: {}, settings: {} }) as Draft;
const INPUT = { kind: "answer", message: { kind: "ChoiceResponse", groupId: "g", itemId: "a" } } as const;

/** A server with one preview, whose answers are let go by hand. */
function setUp(given?: ConstructorParameters<typeof PreviewLink>[2]) {
  const clock = new FakeClock();
  const set = { draft: draftOf({ ask: question("g") }) };
  const calls: {
    route: string;
    body: Record<string, unknown>;
    answer: (value: unknown) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const api = ((route: string, { body }: { body: Record<string, unknown> }) =>
    new Promise((resolve, reject) => {
      const answer = (value: unknown) => resolve({ value, etag: "" });
      calls.push({ route: route.split(" ")[0]!, body, answer, fail: reject });
    })) as unknown as CallApi;
  let state: Partial<PreviewState> = {};
  const told: string[] = [];
  const link = new PreviewLink(
    "f",
    {
      api,
      timer: clock.timer,
      draft: () => set.draft,
      onState: (change) => {
        state = { ...state, ...change };
      },
      onUpdated: () => told.push("updated"),
      onMoment: ({ at }) => told.push(`moment ${at}`),
    },
    given,
  );
  let revision = 0;
  const trace = (part: Partial<PreviewTrace> = {}): PreviewTrace => ({
    preview: "p1",
    revision: ++revision,
    messages: [],
    path: [],
    waiting: [],
    inputs: [INPUT, INPUT],
    at: 2,
    live: true,
    ended: false,
    ...part,
  });
  const settle = async () => {
    for (let n = 0; n < 10; n++) await Promise.resolve();
  };
  const begin = async () => {
    calls.shift()!.answer({ ticket: "t1", trace: trace() });
    await settle();
  };
  return { clock, set, calls, link, told, trace, settle, begin, state: () => state };
}

describe("the preview's link", () => {
  it("begins with the draft, and sends what was edited once the keys are still", async () => {
    const { calls, begin, link, set, clock, state, told, trace, settle } = setUp();
    expect(calls[0]).toMatchObject({ route: "POST", body: { draft: { flow: set.draft.flow } } });
    await begin();
    expect(state()).toMatchObject({ status: "running", ticket: "t1" });
    for (const content of ["a", "ab", "abc"]) {
      set.draft = draftOf({ ...set.draft.flow, bye: { sendRequest: { kind: "BotText", content } } });
      link.edited();
      await clock.pass(20);
    }
    expect(calls).toEqual([]);
    await clock.pass(40);
    expect(calls).toHaveLength(1);
    expect(calls[0]!.body).toMatchObject({
      draft: { flow: { bye: { sendRequest: { content: "abc" } } } },
      renames: [],
    });
    calls.shift()!.answer(trace());
    await settle();
    expect(told).toEqual(["updated"]);
    // A drag of a card is no edit of the flow.
    set.draft = { ...set.draft, layout: { positions: {} } };
    link.edited();
    await clock.pass(40);
    expect(calls).toEqual([]);
  });

  it("of a large flow it sends once for all that was typed in one go, by one timer", async () => {
    const { calls, begin, link, set, clock } = setUp();
    await begin();
    const large = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`s${i}`, question(`g${i}`)]));
    for (const content of ["a", "ab", "abc", "abcd"]) {
      set.draft = draftOf({ ...large, bye: { sendRequest: { kind: "BotText", content } } });
      link.edited();
      await clock.pass(100);
    }
    expect(calls).toEqual([]);
    await clock.pass(500);
    expect(calls).toHaveLength(1);
    expect(calls[0]!.body).toMatchObject({ draft: { flow: { bye: { sendRequest: { content: "abcd" } } } } });
  });

  it("one request at a time: what is edited meanwhile goes with the next, with what was renamed", async () => {
    const { calls, begin, link, set, clock, trace, settle } = setUp();
    await begin();
    link.move({ inputs: [] });
    set.draft = draftOf({ ask: question("other") });
    link.edited();
    await clock.pass(40);
    expect(calls).toHaveLength(1);
    calls.shift()!.answer(trace());
    await settle();
    expect(calls).toHaveLength(1);
    expect(calls[0]!.body.renames).toEqual([{ kind: "renameGroup", from: "g", to: "other" }]);
  });

  it("steps in time from the moment that was asked for last", async () => {
    const { calls, begin, link, told, trace, settle } = setUp();
    await begin();
    link.stepBy(-1);
    link.stepBy(-1);
    expect(calls.map(({ body }) => body)).toEqual([{ at: 1 }]);
    calls.shift()!.answer(trace({ at: 1, live: false }));
    await settle();
    expect(calls.map(({ body }) => body)).toEqual([{ at: 0 }]);
    calls.shift()!.answer(trace({ at: 0, live: false }));
    await settle();
    link.stepBy(1);
    link.stepBy(1);
    calls.shift()!.answer(trace({ at: 1, live: false }));
    await settle();
    expect(calls.map(({ body }) => body)).toEqual([{ at: null }]);
    expect(told).toEqual(["moment 1", "moment 0", "moment 1"]);
  });

  it("a preview that has ended begins again, with its answers and its start", async () => {
    const { calls, begin, link, state, trace, settle } = setUp();
    await begin();
    link.move({ start: "ask" });
    calls.shift()!.answer(trace());
    await settle();
    link.hear({ kind: "PreviewEnded", preview: "p1" });
    expect(calls[0]).toMatchObject({ route: "POST", body: { start: "ask", inputs: [INPUT, INPUT] } });
    calls.shift()!.answer({ ticket: "t2", trace: trace({ preview: "p2" }) });
    await settle();
    expect(state().ticket).toBe("t2");
    link.move({ keep: 1 });
    calls.shift()!.fail(new ApiError("problem", "This preview has ended.", 404, "not-found"));
    await settle();
    expect(calls[0]!.route).toBe("POST");
  });

  it("of two tellings the newer one is shown, whichever came first; others' are nobody's", async () => {
    const { begin, link, state, trace } = setUp();
    await begin();
    const older = trace({ at: 0 });
    link.hear({ kind: "PreviewTrace", trace: trace({ at: 1 }) });
    link.hear({ kind: "PreviewTrace", trace: older });
    link.hear({ kind: "PreviewTrace", trace: trace({ preview: "p9", at: 7 }) });
    expect(state().trace?.at).toBe(1);
  });

  it("tries again while the server is away, and says what it refuses", async () => {
    const { calls, link, clock, state, settle, trace } = setUp({ inputs: [INPUT] });
    calls.shift()!.fail(new ApiError("offline", "away"));
    await settle();
    expect(state().status).toBe("offline");
    await clock.pass(2_000);
    await settle();
    expect(calls[0]!.body.inputs).toEqual([INPUT]);
    calls.shift()!.answer({ ticket: "t1", trace: trace() });
    await settle();
    link.move({ keep: 0 });
    calls.shift()!.fail(new ApiError("problem", "Too many.", 429, "too-many-requests"));
    await settle();
    expect(state()).toMatchObject({ status: "refused", refusal: "Too many." });
    link.end();
    expect(calls.map(({ route }) => route)).toEqual(["DELETE"]);
    link.move({ keep: 0 });
    expect(calls).toHaveLength(1);
  });
});
