import type { RecordedInput, Sent } from "../session/recording.js";
import { choiceWords, wordsOf } from "./run-scenario.js";
import type { Scenario, ScenarioStep } from "./scenario.js";
import { SCENARIO_SCHEMA_ID } from "./schema-id.js";

/** A conversation, run by run: a recording, or what `rerun` gives. */
export type Told = {
  readonly runs: readonly { readonly input?: RecordedInput; readonly sent: readonly Sent[] }[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly ended: boolean;
};

/** The test that expects of a flow what it has said in this conversation, to the same answers. */
export function makeScenario(
  { runs, variables, ended }: Told,
  more: Pick<Scenario, "title" | "start" | "from"> = {},
): Scenario {
  const steps: ScenarioStep[] = [];
  const values: Record<string, string> = { ...variables };
  /** The answers that each question offered last, by their words. */
  const offered = new Map<string, ReadonlyMap<string, string>>();
  for (const { input, sent } of runs) {
    if (input?.kind === "variables") Object.assign(values, input.values);
    else if (input?.kind === "outcome") {
      steps.push({ outcome: input.outcome, ...(input.asked !== undefined && { to: input.asked }) });
    } else if (input) steps.push(said(input, offered));
    for (const { state, message } of sent) {
      if (message.kind === "EndChatSession") continue;
      const items = message.kind === "ChoiceRequest" ? message.choices : [];
      const words = new Map(items.map(({ itemId, content }) => [itemId, choiceWords(content)]));
      if (message.kind === "ChoiceRequest") offered.set(message.groupId, words);
      const answers = message.kind === "ChoiceRequest" ? items.map(({ content }) => choiceWords(content)) : undefined;
      steps.push({ expect: wordsOf(message), state, ...(answers && { answers }) });
    }
  }
  steps.push({ ended });
  return {
    $schema: SCENARIO_SCHEMA_ID,
    ...more,
    ...(Object.keys(values).length > 0 && { variables: values }),
    steps,
  };
}

function said(
  { message, asked }: Extract<RecordedInput, { kind: "answer" }>,
  offered: ReadonlyMap<string, ReadonlyMap<string, string>>,
): ScenarioStep {
  const to = asked === undefined ? {} : { to: asked };
  if (message.kind === "UserText") return { say: message.content, ...to };
  const { groupId, itemId, content } = message;
  const words = offered.get(groupId)?.get(itemId) ?? (content === undefined ? itemId : choiceWords(content));
  return { say: words, ...to, item: itemId };
}

/** A test as the text of its file: one step a line, so that it is read, and compared, like a conversation. */
export function scenarioText(scenario: Scenario): string {
  const { steps, ...head } = scenario;
  const lines = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  const told = steps.map((one) => `    ${spaced(one)}`);
  return `{\n${[...lines, '  "steps": ['].join("\n")}\n${told.join(",\n")}\n  ]\n}\n`;
}

const spaced = (value: ScenarioStep): string =>
  `{ ${Object.entries(value)
    .map(
      ([name, part]) =>
        `${JSON.stringify(name)}: ${Array.isArray(part) ? `[${part.map((one) => JSON.stringify(one)).join(", ")}]` : JSON.stringify(part)}`,
    )
    .join(", ")} }`;
