import { Text } from "@mantine/core";
import type { Builder } from "./builders.js";
import { Snippet } from "./Snippet.js";
import classes from "./Snippet.module.css";

type StepsProps = { builder: Builder; server: string; flow: string };

/** What to do in a tool that makes sites, one step after the other. */
export function BuilderSteps({ builder, server, flow }: StepsProps) {
  const { name, needs, steps, snippet, sites } = builder;
  return (
    <>
      {needs !== undefined && (
        <Text size="sm" c="dimmed" mb={4}>
          It takes: {needs}
        </Text>
      )}
      <ol className={classes.steps} aria-label={`Steps in ${name}`}>
        {steps.map((step) => (
          <li key={step.text}>
            {worded(step.text)}
            {step.snippet && <Snippet label={`For ${name}`} text={snippet(server, flow)} />}
          </li>
        ))}
        <li>Allow the site below, as it stands in the browser's address: {sites}.</li>
      </ol>
    </>
  );
}

/** Words of the tool's own screen are set apart. */
const worded = (text: string) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text do not move
  text.split("*").map((part, i) => (i % 2 === 1 ? <b key={i}>{part}</b> : part));
