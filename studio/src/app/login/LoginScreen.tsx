import { Alert, Button, Center, Code, Divider, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { CallApi } from "../../api.js";
import { Wordmark } from "../Wordmark.js";
import classes from "./LoginScreen.module.css";

type LoginProps = { api: CallApi; entered: () => void; complaint?: string | undefined };

/** The way in: name and password, and how to get a link on a machine of one's own. */
export function LoginScreen({ api, entered, complaint }: LoginProps) {
  const [failure, setFailure] = useState(complaint);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(undefined);
    try {
      const body = { name: String(form.get("name")), password: String(form.get("password")) };
      await api("POST /api/session", { body });
      entered();
    } catch (error) {
      setFailure((error as Error).message);
      setBusy(false);
    }
  };
  return (
    <Center component="main" className={classes.screen}>
      <Stack className={classes.card} gap="md">
        <Wordmark />
        <Title order={1}>Sign in</Title>
        {failure !== undefined && (
          <Alert role="alert" color="red" icon={<IconAlertTriangle size={18} aria-hidden />}>
            {failure}
          </Alert>
        )}
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="sm">
            <TextInput name="name" label="Name" autoComplete="username" required withAsterisk={false} size="md" />
            <PasswordInput
              name="password"
              label="Password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              size="md"
            />
            <Button type="submit" size="md" loading={busy} mt="xs">
              Sign in
            </Button>
          </Stack>
        </form>
        <Divider label="No password?" />
        <Text size="sm" c="dimmed">
          On the machine where Parley runs, a fresh link is printed at every start, and at any time by{" "}
          <Code>npx parley login</Code>. Open that link here.
        </Text>
      </Stack>
    </Center>
  );
}
