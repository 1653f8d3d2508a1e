import { Button, Text } from "@mantine/core";
import { showPanel } from "../app/editor/bench.js";
import { useDesk } from "../app/editor/desk.js";
import { useTests } from "../tests/use-tests.js";
import classes from "./PublishDialog.module.css";

/** Failing tests named here. */
const NAMED = 5;

/** How the tests fare on the draft. One that fails warns, and keeps nothing from being published. */
export function TestsFare() {
  const { bench } = useDesk();
  const { run, problem } = useTests();
  if (problem !== undefined) return <Text size="sm">The tests could not be read: {problem}</Text>;
  if (run === undefined) return <Text size="sm">Playing the tests…</Text>;
  const { failed, ran } = run;
  if (ran.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        There are none yet.
      </Text>
    );
  }
  if (failed === 0) return <Text size="sm">{ran.length === 1 ? "The test passes." : `All ${ran.length} pass.`}</Text>;
  const failing = ran.filter(({ result }) => result === undefined || result.failure !== undefined);
  return (
    <>
      <Text size="sm" c="var(--parley-hint)">
        {failed} of {ran.length} {failed === 1 ? "fails" : "fail"}:
      </Text>
      <ul className={classes.running}>
        {failing.slice(0, NAMED).map(({ test, result }) => (
          <li key={test.name}>
            <b>{"scenario" in test ? (test.scenario.title ?? test.name) : test.name}</b>
            {result?.failure && `: ${result.failure.message}`}
          </li>
        ))}
      </ul>
      <Button
        size="compact-sm"
        variant="subtle"
        mt={4}
        onClick={() => {
          bench.setState({ over: undefined });
          showPanel(bench, "bottom", "tests");
        }}
      >
        Go to the tests
      </Button>
    </>
  );
}
