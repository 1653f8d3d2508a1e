import { fileURLToPath } from "node:url";
import type { TemplateList } from "@parley/shared/api/flows";
import { type FlowFile, flowPaths, readFlowFile } from "../registry/flow-files.js";
import { type Beside, readBeside } from "./beside.js";

/** The examples that come with Parley. */
const FOLDER = fileURLToPath(new URL("../../../flows/", import.meta.url));

/** What they are for, in the order in which they are offered. Another file of the folder goes by its title, behind them. */
const NAMES: Readonly<Record<string, string>> = {
  booking: "Book an appointment",
  "feedback-survey": "Ask for feedback",
  faq: "Answer common questions",
  "lead-capture": "Get to know a customer",
  "event-registration": "Sign up for an event",
  "support-triage": "Help with an order",
  "talk-to-a-person": "Hand over to a person",
  "onboarding-quiz": "A quiz for the first day",
  "bot-assistant": "The smallest with everything",
};
const ORDER = Object.keys(NAMES);

/** What a new flow can begin with: the flow files of a folder. */
export class Templates {
  #files: Promise<FlowFile[]> | undefined;

  constructor(private readonly folder = FOLDER) {}

  /** They come with the release, so they are read once. */
  #read(): Promise<FlowFile[]> {
    this.#files ??= flowPaths([this.folder], "/")
      .then((paths) => Promise.all(paths.map(readFlowFile)))
      .then((files) => files.sort((a, b) => placeOf(a) - placeOf(b)));
    return this.#files;
  }

  async list(): Promise<TemplateList["templates"]> {
    return (await this.#read()).map(({ id, json, settings }) => {
      const states = Object.entries(json as Record<string, Opening>).filter(([name]) => name !== "$schema");
      const first = states[0]?.[1].sendRequest;
      return {
        id,
        name: NAMES[id] ?? settings.title ?? id,
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

const placeOf = ({ id }: FlowFile): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);

type Opening = { sendRequest?: { content?: string; question?: string; chatText?: string } };
