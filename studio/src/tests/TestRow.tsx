import { ActionIcon, Button, Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import type { Program } from "@parley/shared/flow/compile";
import { scenarioText } from "@parley/shared/scenario/make-scenario";
import type { ScenarioFailure } from "@parley/shared/scenario/run-scenario";
import { IconCircleCheck, IconCircleX, IconDownload, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { showPanel } from "../app/editor/bench.js";
import { type Desk, useDesk } from "../app/editor/desk.js";
import { download } from "../commands/download.js";
import { previewOf } from "../preview/preview-store.js";
import { type Ran, takenOver } from "./run-tests.js";
import classes from "./Tests.module.css";
import { changeTest, removeTest } from "./test-store.js";

/** One test: whether it passes; if not where, what was expected there and what came. */
export function TestRow({ ran: { test, result }, program }: { ran: Ran; program: Program }) {
  const desk = useDesk();
  const scenario = "scenario" in test ? test.scenario : undefined;
  const failure = result?.failure;
  const passes = result !== undefined && failure === undefined;
  const Icon = passes ? IconCircleCheck : IconCircleX;
  const title = scenario?.title ?? test.name;
  return (
    <li className={classes.row} data-passes={passes || undefined}>
      <span className={classes.icon} role="img" aria-label={passes ? "Passes" : "Fails"}>
        <Icon size={17} aria-hidden />
      </span>
      <div className={classes.what}>
        <Text size="sm" fw={600} truncate>
          {title}
        </Text>
        {"wrong" in test && <Text size="xs">{test.wrong}</Text>}
        {failure !== undefined && <Failure failure={failure} steps={scenario?.steps.length ?? 0} />}
      </div>
      <Group gap={4} wrap="nowrap">
        {failure !== undefined && desk.mayWrite && scenario !== undefined && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => void changeTest(desk, test, takenOver(program, scenario))}
          >
            Expect what came
          </Button>
        )}
        {scenario !== undefined && result !== undefined && (
          <Tooltip label="Play it in the preview">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Play “${title}” in the preview`}
              onClick={() => play(desk, { start: scenario.start ?? null, inputs: [...result.inputs] })}
            >
              <IconPlayerPlay size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
        {scenario !== undefined && (
          <Tooltip label="Download the test, as “parley test” plays it">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Download “${title}”`}
              onClick={() => download(`${test.name}.json`, scenarioText(scenario))}
            >
              <IconDownload size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
        {desk.mayWrite && (
          <Tooltip label="Delete the test">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Delete “${title}”`}
              onClick={() => void removeTest(desk, test)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
    </li>
  );
}

function Failure({ failure, steps }: { failure: ScenarioFailure; steps: number }) {
  const { editor, canvas } = useDesk();
  const { message, expected, came, state, step } = failure;
  const go = () => {
    const id = state === undefined ? undefined : editor.getState().steps.stepOf.get(state);
    if (id === undefined) return;
    editor.getState().select([id]);
    canvas.current?.reveal(id, true);
  };
  const where = step >= steps ? "At its end" : `At line ${step + 1}`;
  return (
    <div className={classes.failure}>
      <UnstyledButton className={classes.go} onClick={go}>
        {where}: {message}
      </UnstyledButton>
      {expected !== undefined && (
        <div>
          <span className={classes.label}>Expected</span> {expected}
        </div>
      )}
      {came !== undefined && (
        <div>
          <span className={classes.label}>Came</span> {came || "Nothing"}
        </div>
      )}
    </div>
  );
}

type Played = Parameters<NonNullable<ReturnType<ReturnType<typeof previewOf>["getState"]>["link"]>["move"]>[0];

/** Puts a conversation into the preview, which is opened if it is not. */
function play({ editor, bench }: Desk, move: Played): void {
  const store = previewOf(editor);
  const { link } = store.getState();
  if (link) return link.move(move);
  showPanel(bench, "preview", "preview");
  const stop = store.subscribe((now) => {
    if (!now.link) return;
    stop();
    now.link.move(move);
  });
}
