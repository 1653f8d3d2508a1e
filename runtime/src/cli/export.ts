import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Draft, FlowSummary, Version } from "@parley/shared/api/flows";
import { type FlowJson, flowText } from "@parley/shared/flow/json";
import { reason, UserError } from "../errors.js";
import { fetchPictures } from "./pictures.js";
import { SERVER_FLAGS, SERVER_HELP, Server, type ServerIo } from "./server.js";

const HELP = `parley export FLOW [--version N | --draft] [--out FOLDER] --server URL --token TOKEN

  Prints a flow of a server as its file: the version that is live, or another one.
  --version  the number of a version
  --draft    the draft instead, as the studio has it
  --out      writes <flow>.json, and what stands beside it (settings, drawing, assets/ with its pictures), into this
             folder
${SERVER_HELP}`;

/**
 * `parley export FLOW`: a flow of a server as the file that `parley serve` and `parley publish` take.
 * @throws UserError
 */
export async function runExport(args: readonly string[], io: ServerIo): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...SERVER_FLAGS,
      version: { type: "string" },
      draft: { type: "boolean", default: false },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return io.stdout(HELP);
  const wrong = (text: string) => new UserError("bad-call", text, { exitCode: 2 });
  const [flow] = positionals;
  if (flow === undefined || positionals.length > 1) throw wrong("Name one flow: parley export FLOW.");
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(flow)) throw wrong(`${JSON.stringify(flow)} is no flow's name.`);
  if (values.version !== undefined && values.draft) throw wrong("Name a version or the draft, not both.");
  if (values.version !== undefined && !/^[1-9]\d{0,9}$/.test(values.version)) throw wrong("A version is a number.");
  const server = Server.of(values, io);
  const files = values.draft ? await draft(server, flow) : await version(server, flow, values.version);
  if (values.out === undefined) return io.stdout(files[`${flow}.json`]!);
  const { pictures, missing } = await fetchPictures(server, Object.values(files));
  const all = [...Object.entries(files), ...[...pictures].map(([name, bytes]) => [`assets/${name}`, bytes] as const)];
  const folder = resolve(io.cwd, values.out);
  try {
    await mkdir(folder, { recursive: true });
    if (pictures.size > 0) await mkdir(join(folder, "assets"), { recursive: true });
    for (const [name, content] of all) await writeFile(join(folder, name), content);
  } catch (cause) {
    throw new UserError("not-written", `It cannot be written to ${values.out}: ${reason(cause)}.`, { cause });
  }
  io.stdout(`Wrote ${all.map(([name]) => name).join(", ")} to ${values.out}.\n`);
  for (const name of missing) io.stderr(`warning: the server does not have the picture ${name} [picture-missing]\n`);
}

type Files = Readonly<Record<string, string>>;

/** By the names of files. The draft's flow is the text it was imported with, until it is edited. */
async function draft(server: Server, flow: string): Promise<Files> {
  const { layout, settings } = (await server.call("GET", `/flows/${flow}/draft`)).json as Draft;
  const { text } = await server.call("GET", `/flows/${flow}/file`);
  return { [`${flow}.json`]: text, ...beside(flow, { settings, layout }) };
}

async function version(server: Server, flow: string, wanted: string | undefined): Promise<Files> {
  const live = ((await server.call("GET", `/flows/${flow}`)).json as FlowSummary).live?.version;
  const number = wanted ?? live;
  if (number === undefined) throw new UserError("not-live", `No version of ${flow} is live: name one, or --draft.`);
  const found = (await server.call("GET", `/flows/${flow}/versions/${number}`)).json as Version;
  return { [`${flow}.json`]: flowText(found.flow as FlowJson), ...beside(flow, { settings: found.settings }) };
}

/** What is empty has no file. */
function beside(flow: string, parts: Readonly<Record<string, object>>): Files {
  const files = Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0);
  return Object.fromEntries(
    files.map(([name, part]) => [`${flow}.${name}.json`, `${JSON.stringify(part, null, 2)}\n`]),
  );
}
