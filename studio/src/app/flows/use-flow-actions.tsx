import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { FlowSummary, NewFlow } from "@parley/shared/api/flows";
import { useCallback, useMemo } from "react";
import type { CallApi } from "../../api.js";
import { NEW_TITLE } from "../../document/first-title.js";
import { takeAlong } from "../../pictures/take-along.js";
import { takeTypebot } from "../../typebot/take-typebot.js";
import { flowPath, navigate } from "../router.js";
import { useSession } from "../session.js";
import { type FlowFiles, readFlowFiles } from "./read-flow-files.js";

export type FlowActions = {
  /** @param state what the editor is told, which opens it */
  readonly create: (from: NewFlow["from"], state?: string) => Promise<void>;
  readonly open: (files: readonly File[]) => void;
  readonly rename: (flow: string, title: string) => Promise<void>;
  readonly duplicate: (flow: FlowSummary) => void;
  readonly archive: (flow: FlowSummary) => void;
  readonly restore: (flow: FlowSummary) => void;
};

/** What one does with whole flows. Each says what went wrong, and what can be undone offers it. */
export function useFlowActions(changed: () => void): FlowActions {
  const { api } = useSession();
  const attempt = useCallback(
    (work: Promise<unknown>): Promise<void> =>
      work.then(changed, (error: unknown) => {
        notifications.show({ color: "red", title: "That did not work", message: (error as Error).message });
        changed();
      }),
    [changed],
  );
  return useMemo(() => {
    const put = (flow: FlowSummary, where: "archive" | "restore") => attempt(move(api, flow, where, attempt));
    return {
      create: (from, state) => attempt(make(api, { from, ...(from.kind === "blank" && { title: NEW_TITLE }) }, state)),
      open: (files) =>
        attempt(
          readFlowFiles(files)
            .then(takeTypebot)
            .then((read) => read && open(api, read)),
        ),
      rename: async (flow, title) => {
        await api("PATCH /api/flows/{flow}", { path: { flow }, body: { title } });
        changed();
      },
      duplicate: ({ id }) => attempt(api("POST /api/flows/{flow}/duplicate", { path: { flow: id }, body: {} })),
      archive: (flow) => put(flow, "archive"),
      restore: (flow) => put(flow, "restore"),
    };
  }, [api, attempt, changed]);
}

/** A flow with its pictures: they are there before anybody looks at it. */
async function open(api: CallApi, { file, pictures }: FlowFiles): Promise<void> {
  const { value } = await api("POST /api/flows", { body: { from: { kind: "file", ...file } } });
  if (pictures !== undefined) await takeAlong(api, value.id, pictures);
  navigate(flowPath(value.id));
}

async function make(api: CallApi, body: NewFlow, state?: string): Promise<void> {
  const { value } = await api("POST /api/flows", { body });
  navigate(flowPath(value.id), state === undefined ? {} : { state });
}

async function move(
  api: CallApi,
  flow: FlowSummary,
  where: "archive" | "restore",
  attempt: (work: Promise<unknown>) => void,
): Promise<void> {
  await api(`POST /api/flows/{flow}/${where}`, { path: { flow: flow.id } });
  const id = `flow-moved-${flow.id}`;
  const back = () => {
    notifications.hide(id);
    attempt(api(`POST /api/flows/{flow}/${where === "archive" ? "restore" : "archive"}`, { path: { flow: flow.id } }));
  };
  notifications.show({
    id,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>
          ‘{flow.title}’ is {where === "archive" ? "archived" : "active again"}.
        </span>
        <Button size="compact-sm" variant="light" onClick={back}>
          Undo
        </Button>
      </Group>
    ),
  });
}
