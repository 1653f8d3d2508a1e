import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { FlowSummary, Version } from "@parley/shared/api/flows";
import { MAX_NOTE, type Published } from "@parley/shared/api/versions";
import { compareFlows } from "@parley/shared/flow/compare";
import { changedSettings, noteOf } from "@parley/shared/flow/compare-words";
import type { FlowJson } from "@parley/shared/flow/json";
import { UserError } from "../errors.js";
import { readFlowFile } from "../registry/flow-files.js";
import { readBeside } from "../studio/beside.js";
import { printable } from "./check-report.js";
import { sendPictures } from "./pictures.js";
import { Refused, SERVER_FLAGS, SERVER_HELP, Server, type ServerIo } from "./server.js";

const HELP = `parley publish FLOW.json [--note TEXT] --server URL --token TOKEN

  Makes a flow file the version that new conversations begin with, the settings beside it included.
  Pictures that it names and the server does not have are taken from assets/ beside it.
  Conversations that run finish on the version they began with. What is live already is not published again.

  --note     what this version is about; without it, what differs from the one before
${SERVER_HELP}`;

/**
 * `parley publish FLOW.json`: publishes a flow file on a server, which gets the flow if it has none of this name.
 * @throws UserError
 */
export async function runPublish(args: readonly string[], io: ServerIo): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...SERVER_FLAGS, note: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return io.stdout(HELP);
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) {
    throw new UserError("bad-call", "Name one flow file: parley publish FLOW.json.", { exitCode: 2 });
  }
  if (values.note !== undefined && values.note.length > MAX_NOTE) {
    throw new UserError("bad-call", `A note has at most ${MAX_NOTE} characters.`, { exitCode: 2 });
  }
  const server = Server.of(values, io);
  // What is wrong with it is told here, with line and column.
  const { id, settings, warnings, json, path: full } = await readFlowFile(resolve(io.cwd, path));
  const text = await readFile(full, "utf8");
  const found = await flowOf(server, id, { text, settings, full });
  await sendPictures(server, id, { path: full, texts: [text, JSON.stringify(settings)] });
  const live = found.live?.version ?? 0;
  const note = values.note ?? (await autoNote(server, id, live, { flow: json as FlowJson, settings }));
  try {
    const body = { from: { kind: "file", text, settings }, over: live, note };
    const published = (await server.call("POST", `/flows/${id}/versions`, { body })).json as Published;
    io.stdout(`Published ${id} as version ${published.version}: ${printable(note) || "no note"}\n`);
    tell(published.hints, basename(path), io);
  } catch (error) {
    if (error instanceof Refused && error.problem.code === "nothing-new") {
      io.stdout(`Version ${live} of ${id} is live and says the same: nothing to publish.\n`);
      return tell(warnings, basename(path), io);
    }
    throw error;
  }
}

/** The flow on the server; it is made, with what stands beside the file, where it is not there yet. */
async function flowOf(
  server: Server,
  id: string,
  { text, settings, full }: { text: string; settings: object; full: string },
): Promise<FlowSummary> {
  try {
    return (await server.call("GET", `/flows/${id}`)).json as FlowSummary;
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.code !== "not-found") throw error;
  }
  const { layout, tests } = await readBeside(full, () => undefined);
  const from = { kind: "file", text, name: basename(full), layout, settings, tests };
  return (await server.call("POST", "/flows", { body: { id, from } })).json as FlowSummary;
}

async function autoNote(
  server: Server,
  id: string,
  live: number,
  now: { flow: FlowJson; settings: object },
): Promise<string> {
  if (live === 0) return "First version";
  const before = (await server.call("GET", `/flows/${id}/versions/${live}`)).json as Version;
  const from = before.flow as FlowJson;
  const settingsChanged = changedSettings(before.settings, now.settings).length > 0;
  return noteOf(compareFlows(from, now.flow), { from, to: now.flow }, settingsChanged);
}

type Hint = { readonly code: string; readonly message: string };

function tell(hints: readonly Hint[], file: string, io: ServerIo): void {
  for (const { message, code } of hints) io.stderr(`${printable(`${file}: warning: ${message} [${code}]`)}\n`);
}
