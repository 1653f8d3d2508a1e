import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "@parley/shared/flow/settings";
import type { Runtime } from "../runtime.js";
import { V1Client } from "./clients.js";
import { FLOWS } from "./server.js";

export const SURVEY = "feedback-survey";
type Flow = Record<string, { sendRequest?: Record<string, unknown>; next?: string }>;

/** The template's next version: another wording, and the text about what could be better is no longer asked. */
export function secondSurvey(): Flow {
  const flow = JSON.parse(readFileSync(join(FLOWS, `${SURVEY}.json`), "utf8")) as Flow;
  flow.askVisit!.sendRequest!.question = 'And how was your visit, {{name|dear guest}}? Be "frank", please';
  for (const name of ["askBetter", "betterNothing", "betterGiven", "closeNothing", "closeBetter", "noted"]) {
    delete flow[name];
  }
  for (const state of Object.values(flow)) if (state.next === "askBetter") state.next = "askAgain";
  return flow;
}

export type Guest = V1Client;

/** Begins a conversation; resolves when the bot has said what it says first. */
export async function enter(runtime: Runtime, flow: string, page?: string): Promise<Guest> {
  const guest = await V1Client.connect(`${runtime.wsUrl}chat/${flow}`, page === undefined ? {} : { page });
  await turns(guest, 1);
  return guest;
}

/** Says one thing and waits for the bot. */
export async function say(guest: Guest, message: object): Promise<void> {
  const before = guest.all.filter(({ kind }) => kind === "Turn").length;
  await guest.send(message);
  await turns(guest, before + 1);
}

const turns = (guest: Guest, count: number) =>
  guest.until(() => guest.all.filter(({ kind }) => kind === "Turn").length >= count, `turn ${count}`);

/** Publishes a version as the studio would. */
export async function publish(
  runtime: Runtime,
  flow: string,
  json: unknown,
  id: string,
  settings: Settings = {},
): Promise<void> {
  const draft = { flow, json, settings, by: "person:local", note: "" };
  const version = await runtime.registry.publish(draft, { id, timestamp: new Date(0).toISOString() });
  if (!version) throw new Error("another version was first");
}
