// What a day's digest says, as a function of conversations' records. Nothing here reads or writes anything.
import { Conversation } from "@parley/shared/session/conversation";
import { wordsOf } from "@parley/shared/session/words";

/**
 * One conversation as the digest needs it. Days are as 2026-11-25, in UTC.
 * @typedef {{ flow: string, begun: string, ended: string | undefined, said: boolean, answers: Answer[] }} Talk
 * @typedef {{ day: string, question: string, answer: string }} Answer a choice; what visitors typed is nobody's digest
 * @typedef {{ begun: number, ended: number, unanswered: number, answers: [question: string, answer: string, times: number][] }} FlowDigest
 */

/** Answers that are listed of a flow, the most frequent first. */
const LISTED = 10;

/** @param {import("@parley/shared/record").LogRecord} record */
export const dayOf = (record) => record.timestamp.slice(0, 10);

/**
 * The conversations of a session: one, and another with each start over. What counts is what `Conversation` says, as
 * everywhere: a record appended twice is one, an answer that was refused is none, an erased session has nothing.
 * @param {readonly import("@parley/shared/record").LogRecord[]} records of one session, from its first
 * @returns {Talk[]}
 */
export function talksOf(records) {
  const conversation = new Conversation();
  /** @type {Talk[]} */
  const talks = [];
  /** @param {import("@parley/shared/record").LogRecord} record */
  const begin = (record) => {
    const flow = conversation.beginning?.flow ?? "";
    talks.push({ flow, begun: dayOf(record), ended: undefined, said: false, answers: [] });
  };
  for (const record of records) {
    const before = conversation.beginning;
    const events = conversation.push(record);
    if (before === undefined && conversation.beginning !== undefined) begin(record);
    for (const event of events) {
      if (event.kind === "message" && event.message.kind === "ResetSession") begin(record);
      const talk = talks.at(-1);
      if (talk === undefined) continue;
      if (event.kind === "turn") {
        if (event.ended) talk.ended ??= dayOf(record);
      } else if (event.message.kind === "UserText") talk.said = true;
      else if (event.message.kind === "ChoiceResponse") {
        talk.said = true;
        const question = conversation.asked(event.message)?.message;
        talk.answers.push({
          day: event.at.slice(0, 10),
          question: question === undefined ? event.message.groupId : wordsOf(question),
          answer: wordsOf(event.message),
        });
      }
    }
  }
  return conversation.stopped === "erased" ? [] : talks;
}

/**
 * @param {string} day
 * @param {Iterable<readonly Talk[]>} sessions
 * @returns {Map<string, FlowDigest>} by flow, in the order of their names; only those of which there is something to say
 */
export function digestOf(day, sessions) {
  /** @type {Map<string, FlowDigest & { counts: Map<string, number> }>} */
  const flows = new Map();
  /** @param {string} flow */
  const entry = (flow) => {
    const found = flows.get(flow) ?? { begun: 0, ended: 0, unanswered: 0, answers: [], counts: new Map() };
    flows.set(flow, found);
    return found;
  };
  for (const talks of sessions) {
    for (const { flow, begun, ended, said, answers } of talks) {
      if (begun === day) entry(flow).begun += 1;
      if (begun === day && !said) entry(flow).unanswered += 1;
      if (ended === day) entry(flow).ended += 1;
      for (const { question, answer } of answers.filter((one) => one.day === day)) {
        const { counts } = entry(flow);
        const key = JSON.stringify([question, answer]);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  const sorted = [...flows].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    sorted.map(([flow, { counts, ...digest }]) => {
      const most = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, LISTED);
      return [flow, { ...digest, answers: most.map(([key, times]) => [...JSON.parse(key), times]) }];
    }),
  );
}

/**
 * @param {string} day
 * @param {Map<string, FlowDigest>} flows
 * @returns {string} Markdown
 */
export function markdown(day, flows) {
  const parts = [`# ${day}`];
  if (flows.size === 0) parts.push("Nobody has talked to a bot.");
  for (const [flow, { begun, ended, unanswered, answers }] of flows) {
    parts.push(`## ${cell(flow)}`, `${begun} begun, ${ended} ended, ${unanswered} without an answer.`);
    if (answers.length === 0) continue;
    const rows = answers.map(([question, answer, times]) => `| ${cell(question)} | ${cell(answer)} | ${times} |`);
    parts.push(["| question | answer | times |", "| --- | --- | ---: |", ...rows].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

/** A text that stays in its cell and is nothing but text. @param {string} text */
const cell = (text) =>
  text
    .replace(/\s+/g, " ")
    .replace(/[\\|<>`*_[\]#]/g, "\\$&")
    .trim();
