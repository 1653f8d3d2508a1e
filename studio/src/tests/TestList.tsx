import { Button, Center, Checkbox, Group, Loader, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { proposeScenarios } from "@parley/shared/scenario/propose";
import { IconTestPipe } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { Notice } from "../app/Notice.js";
import { showOverlay } from "../canvas/overlay.js";
import { coverageWords, type Run } from "./run-tests.js";
import { saveScenario } from "./save-test.js";
import { TestRow } from "./TestRow.js";
import classes from "./Tests.module.css";
import { testsOf } from "./test-state.js";
import { readTests } from "./test-store.js";
import { useTests } from "./use-tests.js";

/** The tests, each with how it fares, and what of the flow they come by. */
export function TestList() {
  const desk = useDesk();
  const { tests, problem, painted, run } = useTests();
  const graph = useEditor(({ steps }) => steps);
  useEffect(() => {
    const tested = painted && run !== undefined ? { tested: run.tested } : undefined;
    showOverlay(desk.editor, "tests", tested);
  }, [desk, painted, run]);
  // The paint goes with the panel.
  useEffect(() => () => showOverlay(desk.editor, "tests", undefined), [desk]);
  if (tests === undefined || run === undefined) {
    if (problem === undefined) return <Reading />;
    return (
      <Notice icon={IconTestPipe} title="The tests cannot be read" alert actions={<Retry />}>
        {problem}
      </Notice>
    );
  }
  return (
    <div className={classes.panel}>
      <Group gap="sm" className={classes.head ?? ""}>
        <Text size="sm" fw={600}>
          {summary(run)}
        </Text>
        <Text size="sm" c="dimmed">
          {coverageWords(run, graph)}
        </Text>
        <Checkbox
          size="xs"
          label="Show on the drawing"
          checked={painted}
          onChange={({ currentTarget }) => testsOf(desk.editor).setState({ painted: currentTarget.checked })}
        />
        {desk.mayWrite && <Suggest run={run} />}
      </Group>
      {run.ran.length === 0 ? (
        <Text size="sm" c="dimmed" className={classes.empty ?? ""}>
          Save a conversation of the preview as a test, or let some be suggested.
        </Text>
      ) : (
        <ul className={classes.list}>
          {run.ran.map((ran) => (
            <TestRow key={ran.test.name} ran={ran} program={run.program} />
          ))}
        </ul>
      )}
    </div>
  );
}

function summary({ ran, failed }: Run): string {
  if (ran.length === 0) return "No tests yet";
  const all = `${ran.length} ${ran.length === 1 ? "test" : "tests"}`;
  return failed === 0 ? `${all}, all pass` : `${failed} of ${all} ${failed === 1 ? "fails" : "fail"}`;
}

/** Proposes the shortest tests that between them give every answer that none gives yet. */
function Suggest({ run }: { run: Run }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const suggest = async () => {
    setBusy(true);
    const known = new Set(run.ran.map(({ test }) => JSON.stringify("scenario" in test && test.scenario.steps)));
    const { scenarios } = proposeScenarios(run.program);
    const fresh = scenarios.filter(({ steps }) => !known.has(JSON.stringify(steps)));
    let wrong: string | undefined;
    for (const scenario of fresh) {
      const says = scenario.steps.flatMap((one) => ("say" in one ? [one.say] : [])).join(", ");
      const title = says.length > 60 ? `${says.slice(0, 59)}…` : says;
      wrong ??= await saveScenario(desk, { ...scenario, title });
    }
    setBusy(false);
    const made =
      fresh.length === 0
        ? "There is nothing more to suggest."
        : `${fresh.length} suggested. Delete what is not needed.`;
    notifications.show({ id: "suggested", message: wrong ?? made });
  };
  return (
    <Button size="compact-sm" variant="light" aria-disabled={busy} onClick={() => !busy && void suggest()}>
      Suggest tests
    </Button>
  );
}

function Reading() {
  return (
    <Center h="100%">
      <Loader aria-label="Reading the tests" />
    </Center>
  );
}

function Retry() {
  const desk = useDesk();
  return <Button onClick={() => void readTests(desk)}>Try again</Button>;
}
