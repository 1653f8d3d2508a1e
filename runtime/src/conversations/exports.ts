import { setImmediate as nextTurn } from "node:timers/promises";
import { type AnswerColumn, type ExportFormat, STATUS_WORDS } from "@parley/shared/api/conversations";
import { plainText } from "@parley/shared/flow/rich-text";
import type { Message } from "@parley/shared/message";
import { conversation } from "@parley/shared/session/conversation";
import { wordsOf } from "@parley/shared/session/words";
import type { EventLog } from "../log/event-log.js";
import type { ConversationReader, Filter, Kept } from "../projection/reading.js";
import type { NoteRow, Notes } from "../studio/notes.js";
import { answerRows, idOf, timeCell } from "./answer-table.js";
import type { AskedWords } from "./asked.js";
import { CSV_START, csvLine } from "./csv.js";
import { partsOf } from "./transcript.js";

/** Conversations read at a time. */
const PAGE = 100;

export type Exporting = {
  readonly log: Pick<EventLog, "read">;
  readonly reader: ConversationReader;
  readonly words: AskedWords;
  /** What people noted; undefined: it is left out. */
  readonly notes?: Pick<Notes, "of"> | undefined;
};

/** Newest first, a page at a time; others get their turn between. */
async function* pages(reader: ConversationReader, filter: Filter): AsyncGenerator<Kept[]> {
  const search = await reader.search(filter);
  for (let after: Kept | undefined; ; ) {
    const rows = await reader.list(search, PAGE, after);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1);
    await nextTurn();
  }
}

/** The answers as a CSV file with exactly these columns. */
export async function* exportAnswers(
  { reader, words }: Omit<Exporting, "log">,
  filter: Filter,
  columns: readonly AnswerColumn[],
): AsyncGenerator<string> {
  yield CSV_START + csvLine(columns.map(({ title }) => title));
  for await (const rows of pages(reader, filter)) {
    yield answerRows(rows, columns, { reader, words }).map(csvLine).join("");
  }
}

/** Conversations with all that was said in them: one JSON array, one CSV line a message, or text to read. */
export async function* exportConversations(
  { log, reader, notes }: Exporting,
  filter: Filter,
  format: ExportFormat,
): AsyncGenerator<string> {
  const write = WRITERS[format];
  yield write.start;
  let first = true;
  for await (const rows of pages(reader, filter)) {
    for (const row of rows) {
      const { events } = conversation(await log.read(row.sid));
      const messages = (partsOf(events)[row.n - 1] ?? []).filter((event) => event.kind === "message");
      // Erased since the list was read.
      if (messages.length === 0 && row.messages > 0) continue;
      const noted = notes?.of(row.sid).filter(({ n }) => n === row.n);
      yield (first ? "" : write.between) + write.one(row, messages.map(toSaid), noted?.map(toNoted));
      first = false;
    }
  }
  yield write.end;
}

type Said = {
  readonly seq: number;
  readonly at: string;
  readonly from: "bot" | "visitor" | "person";
  readonly state: string | undefined;
  readonly message: Message;
};
const toSaid = (event: { seq: number; at: string; state?: string; by?: string; message: Message }): Said => ({
  seq: event.seq,
  at: event.at,
  from: isAnswer(event.message) ? "visitor" : event.by === undefined ? "bot" : "person",
  state: event.state,
  message: event.message,
});
type Noted = { readonly at: string; readonly by: string; readonly text: string };
const toNoted = ({ at, by, text }: NoteRow): Noted => ({ at: new Date(at).toISOString(), by, text });
const isAnswer = ({ kind }: Message): boolean =>
  kind === "ChoiceResponse" || kind === "UserText" || kind === "ResetSession";

const FROM = { bot: "Bot", visitor: "Visitor", person: "Person" } as const;

type Writer = {
  readonly start: string;
  readonly between: string;
  readonly end: string;
  readonly one: (row: Kept, said: readonly Said[], noted?: readonly Noted[]) => string;
};
const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  json: {
    start: "[\n",
    between: ",\n",
    end: "\n]\n",
    one: (row, messages, notes) => {
      const { flow, version, started, last, status, waits, page, values } = row;
      const about = { conversation: idOf(row), flow, version, started, last, status };
      return JSON.stringify({ ...about, waits: waits ?? undefined, page: page ?? undefined, values, messages, notes });
    },
  },
  csv: {
    start: CSV_START + csvLine(["Conversation", "Flow", "Version", "Status", "Time (UTC)", "From", "Text"]),
    between: "",
    end: "",
    one: (row, said, noted = []) => {
      const about = [idOf(row), row.flow, String(row.version), STATUS_WORDS[row.status]];
      return [
        ...said.map(({ at, from, message }) => [timeCell(at), FROM[from], textOf(message)]),
        ...noted.map(({ at, text }) => [timeCell(at), "Note", text]),
      ]
        .filter(([, , text]) => text !== "")
        .map((cells) => csvLine([...about, ...cells]))
        .join("");
    },
  },
  text: {
    start: "",
    between: "\n",
    end: "",
    one: (row, said, noted = []) => {
      const about = [
        `Conversation ${idOf(row)}`,
        `${row.flow}, version ${row.version}, ${timeCell(row.started)} UTC, ${STATUS_WORDS[row.status].toLowerCase()}`,
        ...(row.page === null ? [] : [`Page: ${row.page}`]),
        ...Object.entries(row.values).map(([name, value]) => `${name}: ${value}`),
      ];
      const line = (at: string, from: string, text: string) =>
        text === ""
          ? []
          : [`${at.slice(11, 19)} ${`${from}:`.padEnd(8)} ${text.replaceAll("\n", "\n                  ")}`];
      const lines = [
        ...said.flatMap(({ at, from, message }) => line(at, FROM[from], textOf(message))),
        ...noted.flatMap(({ at, text }) => line(at, "Note", text)),
      ];
      return `${[...about, "", ...lines].join("\n")}\n`;
    },
  },
};

/** What a reader sees of a message, the answers offered included. */
function textOf(message: Message): string {
  if (message.kind === "ResetSession") return "(started over)";
  if (message.kind !== "ChoiceRequest") return wordsOf(message);
  return [wordsOf(message), ...message.choices.map(({ content }) => `- ${plainText(content, "choice")}`)].join("\n");
}
