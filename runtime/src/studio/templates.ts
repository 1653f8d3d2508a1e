import { fileURLToPath } from "node:url";
import type { TemplateList } from "@parley/shared/api/flows";
import { type FlowFile, flowPaths, readFlowFile } from "../registry/flow-files.js";
import { type Beside, readBeside } from "./beside.js";

/** The examples that come with Parley. */
const FOLDER = fileURLToPath(new URL("../../../flows/", import.meta.url));

/** What a new flow can begin with: the flow files of a folder. */
export class Templates {
  #files: Promise<FlowFile[]> | undefined;

  constructor(private readonly folder = FOLDER) {}

  /** They come with the release, so they are read once. */
  #read(): Promise<FlowFile[]> {
    this.#files ??= flowPaths([this.folder], "/").then((paths) => Promise.all(paths.map(readFlowFile)));
    return this.#files;
  }

  async list(): Promise<TemplateList["templates"]> {
    return (await this.#read()).map(({ id, json, settings }) => {
      const states = Object.entries(json as Record<string, Opening>).filter(([name]) => name !== "$schema");
      const first = states[0]?.[1].sendRequest;
      return {
        id,
        title: settings.title ?? id,
        states: states.length,
        greeting: first?.content ?? first?.question ?? first?.chatText ?? "",
      };
    });
  }

  async get(id: string): Promise<(FlowFile & Beside) | undefined> {
    const file = (await this.#read()).find((one) => one.id === id);
    return file && { ...file, ...(await readBeside(file.path, () => undefined)) };
  }
}

type Opening = { sendRequest?: { content?: string; question?: string; chatText?: string } };
