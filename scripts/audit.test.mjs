import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCEPTED, judge, report } from "./audit.mjs";

const TODAY = "2026-06-01";
const hole = { name: "ws", severity: "high", title: "Memory", url: "https://github.com/advisories/GHSA-1" };
const SENTENCE = "ws (high): Memory, https://github.com/advisories/GHSA-1";
const said = (/** @type {object[]} */ ...via) =>
  JSON.stringify({ vulnerabilities: { ws: { via }, other: { via: ["ws"] } } });

test("a grave hole is told once; a small one, and one that is accepted until a day to come, is not", () => {
  assert.deepEqual(judge(said(hole, hole), [], TODAY), [SENTENCE]);
  assert.deepEqual(judge(said({ ...hole, severity: "moderate" }), [], TODAY), []);
  const accepted = [{ advisory: "GHSA-1", reason: "not reached", until: "2026-07-01" }];
  assert.deepEqual(judge(said(hole), accepted, TODAY), []);
  assert.deepEqual(judge(said(hole), accepted, "2026-07-02"), [
    `${SENTENCE}; it was accepted until 2026-07-01: not reached`,
  ]);
});

test("a registry that does not tell is not taken for one that found nothing", () => {
  assert.throws(() => judge('{"message":"405 Method Not Allowed"}', [], TODAY), /^Error: 405 Method Not Allowed$/);
  assert.throws(() => judge("", [], TODAY), /no report that can be read/);
});

test("each hole that is accepted says why, and until when", () => {
  for (const { advisory, reason, until } of ACCEPTED) {
    assert.match(advisory, /^GHSA(-[a-z0-9]{4}){3}$/);
    assert.match(until, /^\d{4}-\d\d-\d\d$/);
    assert.ok(reason.length > 20, advisory);
  }
});

test("no dependency has a grave hole that is known", async (t) => {
  const answer = await report();
  /** @type {string[]} */
  let wrong;
  try {
    wrong = judge(answer, ACCEPTED, new Date().toISOString().slice(0, 10));
  } catch (error) {
    t.diagnostic(`dependencies were not audited: ${/** @type {Error} */ (error).message}`);
    return;
  }
  assert.deepEqual(wrong, []);
});
