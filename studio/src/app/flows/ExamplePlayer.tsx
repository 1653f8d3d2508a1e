import { ActionIcon, Button, Center, Loader, Text, Tooltip } from "@mantine/core";
import type { TemplateList } from "@parley/shared/api/flows";
import { IconArrowLeft, IconRefresh } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Loaded } from "../Loaded.js";
import classes from "./Examples.module.css";
import { useExamplePreview } from "./use-example-preview.js";

type PlayerProps = {
  example: TemplateList["templates"][number];
  choose: (template: string) => Promise<void>;
  /** To the list, where that is not beside it. */
  back?: () => void;
};

/** One example, as a visitor has it, and the way to take it. */
export function ExamplePlayer({ example: { id, name, title }, choose, back }: PlayerProps) {
  const [turn, setTurn] = useState(0);
  const [taking, setTaking] = useState(false);
  const { load, retry } = useExamplePreview(id, turn);
  const toList = useRef<HTMLButtonElement>(null);
  useEffect(() => toList.current?.focus(), []);
  const take = () => {
    if (taking) return;
    setTaking(true);
    void choose(id).finally(() => setTaking(false));
  };
  const use = (
    <Button fullWidth={back !== undefined} loading={taking} onClick={take}>
      Use this example
    </Button>
  );
  const loading = (
    <Center h="100%">
      <Loader aria-label="The example begins" />
    </Center>
  );
  return (
    <section className={classes.player} aria-label={name}>
      <div className={classes.head}>
        {back && (
          <ActionIcon
            ref={toList}
            variant="subtle"
            color="gray"
            size={36}
            aria-label="Back to the examples"
            onClick={back}
          >
            <IconArrowLeft size={19} aria-hidden />
          </ActionIcon>
        )}
        <Text fw={600} className={classes.name ?? ""}>
          {back ? name : title}
        </Text>
        <Tooltip label="Start over">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label="Start the example over"
            onClick={() => setTurn(turn + 1)}
          >
            <IconRefresh size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
        {!back && use}
      </div>
      <div className={classes.stage}>
        <Loaded load={load} retry={retry} what="The example" loading={loading}>
          {({ ticket }) => (
            <iframe
              key={ticket}
              className={classes.frame}
              title="The conversation as a visitor has it"
              sandbox="allow-scripts"
              src={`/preview#${ticket}`}
            />
          )}
        </Loaded>
      </div>
      <Text size="sm" c="dimmed">
        Answer it to see where it goes. It comes with its drawing, its settings and tests, and is yours to change.
      </Text>
      {back && use}
    </section>
  );
}
