import { Button, Skeleton, Stack } from "@mantine/core";
import type { ConversationRow as Row } from "@parley/shared/api/conversations";
import { IconMessages, IconSearchOff } from "@tabler/icons-react";
import { useCallback, useMemo } from "react";
import { Loaded } from "../app/Loaded.js";
import { Notice } from "../app/Notice.js";
import { Page } from "../app/Page.js";
import { useSession } from "../app/session.js";
import { type AboutFlow, AreaHead } from "./AreaHead.js";
import { CatchingUp } from "./CatchingUp.js";
import classes from "./ConversationList.module.css";
import { ConversationRow } from "./ConversationRow.js";
import { ExportMenu } from "./ExportMenu.js";
import { FilterBar } from "./FilterBar.js";
import { filterQuery, isNarrowed } from "./filter.js";
import { NumberOf } from "./NumberOf.js";
import { useFilter } from "./use-filter.js";
import { useFlowChoices, useFlowFilters } from "./use-flow-filters.js";
import { type Page as Part, usePages } from "./use-pages.js";

type About = { readonly total: number; readonly catchingUp: number | undefined };

/** The list of conversations, of one flow or of all. */
export function ConversationsScreen({ flow }: { flow?: AboutFlow }) {
  const { api } = useSession();
  const [filter, change] = useFilter();
  const only = flow?.id;
  const query = useMemo(
    () => ({ ...filterQuery(filter, new Date()), ...(only === undefined ? {} : { flow: only }) }),
    [filter, only],
  );
  const read = useCallback(
    async (ask: { limit: string; after?: string }, signal: AbortSignal): Promise<Part<Row, About>> => {
      const { conversations, next, total, catchingUp } = (
        await api("GET /api/conversations", { query: { ...query, ...ask }, signal })
      ).value;
      return { rows: conversations, next, more: { total, catchingUp } };
    },
    [api, query],
  );
  const { load, reload, retry, more, reading } = usePages(read, JSON.stringify(query), only);
  const choices = useFlowFilters(only);
  const flows = useFlowChoices();
  const titles = useMemo(() => new Map(flows.map(({ value, label }) => [value, label])), [flows]);
  const about = load.state === "ready" ? load.value.more : undefined;
  return (
    <Page>
      <Stack gap="md">
        <AreaHead {...(flow && { flow })} here="conversations">
          {about && <NumberOf total={about.total} what="conversation" />}
          {flow && <ExportMenu flow={flow.id} query={query} />}
        </AreaHead>
        <FilterBar filter={filter} change={change} {...(flow ? choices : { flows })} />
        <CatchingUp so={about?.catchingUp} reload={reload} />
        <Loaded load={load} retry={retry} what="The conversations" loading={<Skeletons />}>
          {({ rows, next, more: { catchingUp } }) =>
            rows.length === 0 ? (
              catchingUp === undefined && <Empty narrowed={isNarrowed(filter)} />
            ) : (
              <>
                <ul className={classes.rows} aria-label="Conversations">
                  {rows.map((row) => (
                    <ConversationRow
                      key={row.id}
                      row={row}
                      flow={flow ? undefined : (titles.get(row.flow) ?? row.flow)}
                    />
                  ))}
                </ul>
                {next !== undefined && (
                  <Button variant="default" mx="auto" loading={reading} onClick={() => void more()}>
                    Show more
                  </Button>
                )}
              </>
            )
          }
        </Loaded>
      </Stack>
    </Page>
  );
}

function Empty({ narrowed }: { narrowed: boolean }) {
  return narrowed ? (
    <Notice icon={IconSearchOff} title="No conversation is like that">
      Search for fewer words, or leave some of the choices open.
    </Notice>
  ) : (
    <Notice icon={IconMessages} title="Nobody has talked yet">
      Publish a flow and put it on a page. What visitors say appears here by itself.
    </Notice>
  );
}

function Skeletons() {
  return (
    <ul className={classes.rows} aria-hidden>
      {[1, 2, 3, 4, 5].map((row) => (
        <li key={row} className={classes.row}>
          <div className={classes.what}>
            <Skeleton height={15} width="55%" mb={9} />
            <Skeleton height={12} width="35%" />
          </div>
          <Skeleton height={20} width={70} radius="xl" />
        </li>
      ))}
    </ul>
  );
}
