import { Modal, Skeleton, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconTemplate } from "@tabler/icons-react";
import { useReturnFocus } from "../../commands/use-return-focus.js";
import { Loaded } from "../Loaded.js";
import { Notice } from "../Notice.js";
import { useSession } from "../session.js";
import { useLoad } from "../use-load.js";
import classes from "./ExampleChooser.module.css";

type ChooserProps = { opened: boolean; close: () => void; choose: (template: string) => void };

/** The examples, with their size and first words. */
export function ExampleChooser({ opened, close, choose }: ChooserProps) {
  const back = useReturnFocus(opened);
  const leave = () => {
    close();
    back();
  };
  return (
    <Modal opened={opened} onClose={leave} title="Start from an example" size="lg" returnFocus={false}>
      <Examples choose={choose} />
    </Modal>
  );
}

function Examples({ choose }: { choose: (template: string) => void }) {
  const { api } = useSession();
  const { load, retry } = useLoad(
    async (signal) => (await api("GET /api/templates", { signal })).value.templates,
    "templates",
  );
  const loading = (
    <Stack gap="xs">
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} height={64} />
      ))}
    </Stack>
  );
  return (
    <Loaded load={load} retry={retry} what="The examples" loading={loading}>
      {(templates) =>
        templates.length === 0 ? (
          <Notice icon={IconTemplate} title="There are no examples here">
            Begin with one message, or open a file.
          </Notice>
        ) : (
          <Stack gap="xs" component="ul" className={classes.list}>
            {templates.map(({ id, title, states, greeting }) => (
              <li key={id}>
                <UnstyledButton className={classes.example} onClick={() => choose(id)}>
                  <Text fw={600}>{title}</Text>
                  <Text size="sm" c="dimmed" lineClamp={1}>
                    {greeting === "" ? `${states} steps` : greeting}
                  </Text>
                </UnstyledButton>
              </li>
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}
