import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isSettings } from "../flow/beside.js";
import { check } from "../flow/check.js";
import { compile, type Program } from "../flow/compile.js";
import type { Settings } from "../flow/settings.js";
import { type AnswerMessage, OUTCOMES } from "../message.js";
import { runScenario } from "../scenario/run-scenario.js";
import { readScenario } from "../scenario/scenario.js";
import { flowFile } from "../testing/play.js";
import { type Effect, NEW_SESSION, openHandOff, type Session, type SessionEvent } from "./state.js";
import { step } from "./step.js";

const folder = new URL("../../../flows/", import.meta.url);
const names = readdirSync(folder).flatMap((file) => /^([^.]+)\.json$/.exec(file)?.[1] ?? []);
const settings = (name: string): Settings => JSON.parse(readFileSync(new URL(`${name}.settings.json`, folder), "utf8"));

/** What is open, whatever was said: two sessions that are alike in it go on alike. */
const place = (session: Session): string =>
  JSON.stringify([
    [...session.questions].map(([id, open]) => [id, open.message.choices.map((item) => item.itemId)]),
    [...session.chats.keys()],
  ]);

/** Everything that can follow here: each item, each text that is expected, and any other; or how a hand-off ends. */
function inputs(program: Program, session: Session): SessionEvent[] {
  const handOff = openHandOff(session)?.message;
  if (handOff) {
    const { sessionId: handOffId } = handOff;
    return OUTCOMES.filter((outcome) => outcome !== "timeout" || handOff.handOff?.timeout !== undefined).map(
      (outcome) => ({ kind: "hand-off over", handOffId, outcome }),
    );
  }
  return answers(program, session).map((message) => ({ kind: "answer", message }));
}

function answers(program: Program, session: Session): AnswerMessage[] {
  const picks = [...session.questions].flatMap(([groupId, { message }]) =>
    message.choices.map(({ itemId }): AnswerMessage => ({ kind: "ChoiceResponse", groupId, itemId })),
  );
  const texts = [...session.chats.keys()].flatMap((sessionId) =>
    [...(program.texts.get(sessionId)?.exact.keys() ?? []), "something else"].map(
      (content): AnswerMessage => ({ kind: "UserText", sessionId, content }),
    ),
  );
  return [...picks, ...texts];
}

type Move = { readonly from: string; readonly to: string; readonly event: SessionEvent; readonly effects: Effect[] };

/** Every move from every place that a conversation can come to. */
function walk(program: Program): { moves: Move[]; ends: Set<string> } {
  const [begun] = step(program, NEW_SESSION, { kind: "begin" });
  const known = new Map([[place(begun), begun]]);
  const moves: Move[] = [];
  for (const [from, session] of known) {
    for (const event of inputs(program, session)) {
      const [after, effects] = step(program, session, event);
      const to = place(after);
      moves.push({ from, to, event, effects });
      if (!known.has(to)) known.set(to, after);
    }
  }
  return { moves, ends: new Set([...known].filter(([, session]) => session.ended).map(([at]) => at)) };
}

it("there are at least eight examples", () => {
  expect(names.length).toBeGreaterThanOrEqual(8);
});

describe.each(names)("the example flow %s", (name) => {
  const flow = flowFile(name);
  const program = compile(flow);

  it("is found without any fault, with the variables that its settings declare", () => {
    expect(check(flow, { variables: settings(name).variables ?? [] })).toEqual([]);
  });

  it("[F3] says something to every answer, closes the editor after each text, and comes to an end from everywhere", () => {
    const { moves, ends } = walk(program);
    for (const { event, effects } of moves) {
      const about = JSON.stringify(event);
      expect(effects.at(-1), about).not.toHaveProperty("refused");
      const sent = effects.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
      expect(
        sent.some((message) => message.kind !== "EndChatSession"),
        about,
      ).toBe(true);
      if (event.kind !== "answer" || event.message.kind !== "UserText") continue;
      expect(sent, about).toContainEqual({ kind: "EndChatSession", sessionId: event.message.sessionId });
    }
    const toEnd = new Set(ends);
    for (let size = -1; size !== toEnd.size; ) {
      size = toEnd.size;
      for (const { from, to } of moves) if (toEnd.has(to)) toEnd.add(from);
    }
    expect(moves.filter(({ from }) => !toEnd.has(from))).toEqual([]);
    expect(ends.size).toBe(1);
    expect(moves.length).toBeGreaterThan(5);
  });

  it("has settings with a title, a colour and a greeting of its own", () => {
    const given = settings(name);
    expect(isSettings(given)).toBe(true);
    expect(given.title).toMatch(/\S/);
    expect(given.appearance?.greeting).toMatch(/\S/);
    const others = names.filter((other) => other !== name).map((other) => settings(other).appearance?.color);
    expect(others).not.toContain(given.appearance?.color);
  });

  it("has at least two tests with titles, which pass, come to the end and do not take the same way", () => {
    const beside = new URL(`${name}.tests/`, folder);
    const ways = readdirSync(beside).map((file) => {
      const read = readScenario(JSON.parse(readFileSync(new URL(file, beside), "utf8")));
      if ("wrong" in read) throw new Error(`${file}: ${read.wrong}`);
      expect(read.scenario.title, file).toMatch(/\S/);
      expect(read.scenario.steps.at(-1), file).toEqual({ ended: true });
      const { failure, path } = runScenario(program, read.scenario);
      expect(failure, file).toBeUndefined();
      return path.join(" ");
    });
    expect(new Set(ways).size).toBeGreaterThanOrEqual(2);
  });

  it("[P7] has a recorded conversation", () => {
    const recorded = readdirSync(new URL("recorded/", folder)).filter((file) => file.startsWith(`${name}.`));
    expect(recorded.length).toBeGreaterThan(0);
  });
});
