import { Button, Skeleton, Stack, Table } from "@mantine/core";
import type { AnswerColumn, AnswerTable } from "@parley/shared/api/conversations";
import { IconDownload, IconSearchOff, IconTable } from "@tabler/icons-react";
import { useCallback, useMemo } from "react";
import { Loaded } from "../app/Loaded.js";
import { Notice } from "../app/Notice.js";
import { Page } from "../app/Page.js";
import { conversationPath, navigate } from "../app/router.js";
import { StudioLink } from "../app/StudioLink.js";
import { useSession } from "../app/session.js";
import classes from "./AnswersScreen.module.css";
import { type AboutFlow, AreaHead } from "./AreaHead.js";
import { CatchingUp } from "./CatchingUp.js";
import { ColumnMenu } from "./ColumnMenu.js";
import { exportAddress } from "./ExportMenu.js";
import { FilterBar } from "./FilterBar.js";
import { filterQuery, isNarrowed } from "./filter.js";
import { NumberOf } from "./NumberOf.js";
import { useColumns } from "./use-columns.js";
import { useFilter } from "./use-filter.js";
import { useFlowFilters } from "./use-flow-filters.js";
import { type Page as Part, usePages } from "./use-pages.js";

type Row = AnswerTable["rows"][number];
type About = Pick<AnswerTable, "all" | "columns" | "total" | "catchingUp">;

/** What visitors answered: one row a conversation, one column a question. */
export function AnswersScreen({ flow }: { flow: AboutFlow }) {
  const { api } = useSession();
  const [filter, change] = useFilter();
  const [columns, setColumns] = useColumns(flow.id);
  const query = useMemo(() => {
    const { flow: _, ...rest } = filterQuery(filter, new Date());
    return { ...rest, ...(columns && { columns: columns.map(encodeURIComponent).join(",") }) };
  }, [filter, columns]);
  const read = useCallback(
    async (ask: { limit: string; after?: string }, signal: AbortSignal): Promise<Part<Row, About>> => {
      const { rows, next, ...more } = (
        await api("GET /api/flows/{flow}/answers", { path: { flow: flow.id }, query: { ...query, ...ask }, signal })
      ).value;
      return { rows, next, more };
    },
    [api, flow.id, query],
  );
  const { load, reload, retry, more, reading } = usePages(read, JSON.stringify(query), flow.id);
  const choices = useFlowFilters(flow.id);
  const about = load.state === "ready" ? load.value.more : undefined;
  return (
    <Page wide>
      <Stack gap="md">
        <AreaHead flow={flow} here="answers">
          {about ? (
            <>
              <NumberOf total={about.total} what="conversation" />
              <ColumnMenu all={about.all} shown={columns ?? about.columns.map(({ key }) => key)} change={setColumns} />
            </>
          ) : (
            <>
              <Skeleton width={124} height={20} />
              <Skeleton width={124} height={36} />
            </>
          )}
          <Button
            component="a"
            href={exportAddress(flow.id, "answers", query)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Download CSV
          </Button>
        </AreaHead>
        <FilterBar filter={filter} change={change} {...choices} />
        <CatchingUp so={about?.catchingUp} reload={reload} />
        <Loaded load={load} retry={retry} what="The answers" loading={<Skeleton height={320} radius="lg" />}>
          {({ rows, next, more: { columns, catchingUp } }) =>
            rows.length === 0 ? (
              catchingUp === undefined && <Empty narrowed={isNarrowed(filter)} />
            ) : (
              <>
                <Answers flow={flow.id} columns={columns} rows={rows} />
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

type AnswersProps = { flow: string; columns: readonly AnswerColumn[]; rows: readonly Row[] };

function Answers({ flow, columns, rows }: AnswersProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section className={classes.scroll} aria-label="Answers" tabIndex={0}>
      <Table stickyHeader highlightOnHover verticalSpacing="xs" className={classes.table ?? ""}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ key, title, gone }) => (
              <Table.Th key={key} data-gone={gone || undefined} data-key={key} scope="col">
                {/* On the screen it is the time where one is. */}
                <span className={classes.title} title={title}>
                  {key === "time" ? "Time" : title}
                </span>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr
              key={row.id}
              className={classes.row ?? ""}
              onClick={() => navigate(conversationPath(flow, row.id))}
            >
              {row.cells.map((cell, i) => (
                <Table.Td key={columns[i]?.key ?? i} data-key={columns[i]?.key}>
                  {i === 0 ? (
                    <StudioLink to={conversationPath(flow, row.id)} size="sm" className={classes.cell ?? ""}>
                      {columns[i]?.key === "time" ? localTime(row.started) : cell || "Open"}
                    </StudioLink>
                  ) : (
                    <span className={classes.cell} title={cell.length > 60 ? cell : undefined}>
                      {columns[i]?.key === "time" ? localTime(row.started) : cell}
                    </span>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** As one writes it where one is; the file has it in UTC. */
const localTime = (iso: string): string =>
  new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

function Empty({ narrowed }: { narrowed: boolean }) {
  return narrowed ? (
    <Notice icon={IconSearchOff} title="No conversation is like that">
      Search for fewer words, or leave some of the choices open.
    </Notice>
  ) : (
    <Notice icon={IconTable} title="Nobody has answered yet">
      Each question of the flow becomes a column here, and each conversation a row.
    </Notice>
  );
}
