import { afterAll, beforeAll, expect, it } from "vitest";
import { StepCounter } from "../testing/steps.js";

const counter = new StepCounter();
beforeAll(() => counter.start());
afterAll(() => counter.stop());

const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");

/** Scripts of so many lines on which what is not linear shows itself. */
const SHAPES: Readonly<Record<string, (count: number) => string>> = {
  "the same message": (n) => lines(n, () => "Hello"),
  "messages of their own": (n) => lines(n, (at) => `Message ${at}`),
  "answers of one question": (n) => `What?\n${lines(n, (at) => `- Answer ${at}`)}`,
  "the same answer": (n) => `What?\n${lines(n, () => "- Yes")}`,
  "expected texts": (n) => `What? [Here]\n${lines(n, (at) => `- ${at}`)}`,
  "questions, one under the other": (n) =>
    lines(n / 4, (at) => "What?\n- Yes\n- No -> What?\nSo".replace(/^/gm, " ".repeat(at % 50))),
  "answers that go deeper and deeper": (n) => lines(n, (at) => `${" ".repeat(Math.min(at, 400))}- ${at}`),
  "all lead to the first": (n) => `First\n${lines(n / 2, (at) => `Message ${at}\n-> First`)}`,
  "all lead to the next of the same words": (n) => lines(n / 2, (at) => `Hello\n-> Hello #${at + 2}`),
  "all lead to the last": (n) => `${lines(n / 2, (at) => `Message ${at}\n-> Last`)}\nLast`,
  "words that are cut": (n) => lines(n / 2, (at) => `Message ${at}\n-> Mess${"age".slice(0, at % 4)}…`),
  "all lead to what no line says": (n) => lines(n, (at) => `Message ${at} -> Nothing ${at}`),
  "all ask for the answers before": (n) => lines(n, (at) => `{{Question ${at - 1}?}}, {{city}} [Question ${at}?]`),
  "one line with its breaks": (n) => lines(n, () => "so \\"),
  "brackets and arrows": (n) => lines(n, () => "a [b] -> [c] [ -> d ] e [f"),
};

for (const [shape, text] of Object.entries(SHAPES)) {
  it(`reads and writes ten thousand lines in about four times the steps of a quarter of them: ${shape}`, async () => {
    const { readScript } = await import("./read-script.js");
    const { writeScript } = await import("./write-script.js");
    const steps = async (count: number) => {
      const script = text(count);
      let flow = {};
      const read = await counter.count(() => {
        flow = readScript(script).flow;
      });
      return { read, write: await counter.count(() => writeScript(flow)) };
    };
    const quarter = await steps(2500);
    const whole = await steps(10_000);
    expect(quarter.read).toBeGreaterThan(2500);
    // What is sorted takes a little more than that.
    expect(whole.read / quarter.read).toBeLessThan(4.4);
    expect(whole.write / quarter.write).toBeLessThan(4.4);
  });
}
