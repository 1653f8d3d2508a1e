import type { JsonObject } from "../../flow/json.js";
import { plainText } from "../../flow/rich-text.js";
import type { Flow } from "../../flow/schema.js";
import { makeFlow } from "../../script/make-flow.js";
import { firstUnits } from "../../text.js";
import { cutLoops } from "./cut-loops.js";
import { type Drawn, drawingOf } from "./drawing.js";
import { Marks } from "./marks.js";
import { blockName, noteText } from "./note-text.js";
import { readExport } from "./read-export.js";
import { readSettings } from "./read-settings.js";
import { References } from "./references.js";
import type { ImportedNote, ImportedStep, ImportRefusal, TypebotImport } from "./report.js";
import { linksOf, pictureOf, stepOf } from "./steps.js";
import { rolesOf, Ways } from "./ways.js";

/**
 * Makes a flow of what Typebot 3 to 6 exports (SPEC, Coming from Typebot): groups with their places, texts, buttons, inputs
 * and jumps become steps, all else a note where it stood. Pure and total.
 * @param value the file as JSON
 */
export function importTypebot(value: unknown): TypebotImport | ImportRefusal {
  const read = readExport(value);
  if ("code" in read) return read;
  const roles = rolesOf(read, (block) => pictureOf(block) !== undefined);
  const ways = new Ways(read, roles);
  const links = linksOf(read, roles, ways);
  if (links.length === 0) {
    return {
      code: "nothing-to-import",
      message: "Nothing in this export says or asks something: there is no flow in it.",
    };
  }
  cutLoops(links);
  const marks = new Marks();
  const references = new References(read, links, marks);
  const steps = links.map((link, place) => stepOf(read, roles, link, references.fillOf(place)));
  const made = makeFlow(steps, { states: new Set(), ids: marks.names() });
  const idOf = (place: number): string => askedId(made.flow[made.names[place]!.name] as JsonObject);
  const flow = Object.fromEntries(
    Object.entries(made.flow).map(([name, state]) => [name, marks.fill(state as JsonObject, idOf)]),
  );

  const stepAt = new Map(links.map(({ block }, place) => [block, place]));
  const told: ImportedStep[] = [];
  const notes: ImportedNote[] = [];
  const groups = read.groups.map(({ title, x, y, first, end }) => {
    const drawn: Drawn[] = [];
    for (let block = first; block < end; block++) {
      const was = blockName(read.blocks[block]!.type);
      const place = stepAt.get(block);
      if (place !== undefined) {
        const { kind, words, prompt = "", ways } = steps[place]!;
        const state = made.names[place]!.name;
        drawn.push({ state, kind, answers: ways.length });
        const shown = firstWords(marks.plain(words || prompt));
        told.push({ group: title, was, became: kind, words: shown, state, remarks: [...links[place]!.remarks] });
      } else if (roles[block] === "note") {
        const text = noteText(read, block, ways);
        drawn.push({ note: text });
        notes.push({ group: title, was, text });
      }
    }
    return { title, x, y, drawn };
  });
  const events = read.events.map(({ type, x, y }) => {
    const was = `${blockName(type)} event`;
    const text = `${was} (from Typebot)\nHere a conversation begins in one place only.`;
    notes.push({ group: "", was, text });
    return { title: "", x, y, drawn: [{ note: text }] };
  });
  const { layout, unseen } = drawingOf([...groups, ...events]);
  const { settings, left } = readSettings(read);
  if (unseen > 0) left.push(`${unseen} notes have no room in the drawing: a drawing has 1,000.`);
  return { flow: flow as Flow & JsonObject, layout, settings, report: { steps: told, notes, left } };
}

/** The id of what a state asks. */
function askedId(state: JsonObject): string {
  const request = state.sendRequest as { readonly groupId?: string; readonly sessionId?: string };
  return request.groupId ?? request.sessionId ?? "";
}

const firstWords = (words: string): string => firstUnits(plainText(words).replace(/\s+/g, " "), 80);
