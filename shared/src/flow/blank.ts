import { type FlowJson, sameJson } from "./json.js";

/** A flow begins as one message, there to be written over. */
export const BLANK: FlowJson = { hello: { sendRequest: { kind: "BotText", content: "Hello!" } } };

/** Whether nothing is written in a flow yet: it has no state, or is as it began. */
export const isBlank = (flow: FlowJson): boolean => Object.keys(flow).length === 0 || sameJson(flow, BLANK);
