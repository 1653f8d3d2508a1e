import { describe, expect, it } from "vitest";
import { ApiError } from "../api.js";
import { Outbox, type Reply } from "./outbox.js";

type Answer = { outcome: "done" | "stale" | "pending"; holder?: { name?: string } } | Error;

function setUp(answers: Answer[], kept = new Map<string, string>()) {
  const sent: string[] = [];
  const timers: (() => void)[] = [];
  const outbox = new Outbox({
    send: async ({ id }: Reply) => {
      sent.push(id);
      const answer = answers.shift() ?? { outcome: "done" as const };
      if (answer instanceof Error) throw answer;
      return answer;
    },
    storage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
    timer: (run) => {
      timers.push(run);
      return () => undefined;
    },
  });
  const states = () => outbox.replies.map(({ id, state }) => `${id} ${state}`);
  return { outbox, sent, timers, states, kept };
}
const reply = (id: string, conversation = "a") => ({ id, flow: "f", conversation, act: "o.1", text: id });
const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe("what was written to a visitor", () => {
  it("is sent in its order, one after the other, and again under its id where nobody knows", async () => {
    const { outbox, sent, timers, states } = setUp([new ApiError("offline", "away"), { outcome: "pending" }]);
    outbox.add(reply("1"));
    outbox.add(reply("2"));
    await settled();
    expect([sent, states()]).toEqual([["1"], ["1 waiting", "2 waiting"]]);
    timers.shift()!();
    await settled();
    expect(sent).toEqual(["1", "1"]);
    outbox.flush();
    await settled();
    expect([sent, states()]).toEqual([
      ["1", "1", "1", "2"],
      ["1 done", "2 done"],
    ]);
    outbox.remove("1");
    expect(states()).toEqual(["2 done"]);
  });

  it("goes on after a reload, and what was said is not kept", async () => {
    const first = setUp([{ outcome: "done" }, new ApiError("offline", "away")]);
    for (const id of ["1", "2", "3"]) first.outbox.add(reply(id));
    await settled();
    const second = setUp([], first.kept);
    expect(second.states()).toEqual(["2 waiting", "3 waiting"]);
    second.outbox.flush();
    await settled();
    expect(second.sent).toEqual(["2", "3"]);
  });

  it("says why it was not said, and holds up no other conversation", async () => {
    const refusal = new ApiError("problem", "Too long.", 422, "invalid");
    const { outbox, sent } = setUp([{ outcome: "stale", holder: { name: "Bob" } }, refusal]);
    outbox.add(reply("1"));
    outbox.add(reply("2", "b"));
    outbox.add(reply("3"));
    await settled();
    expect(sent).toEqual(["1", "2", "3"]);
    expect(outbox.replies.map(({ problem }) => problem)).toEqual([
      "Not sent: Bob has this conversation.",
      "Not sent: Too long.",
      undefined,
    ]);
  });

  it("begins empty where what was kept cannot be read", () => {
    expect(setUp([], new Map([["parley.outbox", "{"]])).states()).toEqual([]);
  });
});
