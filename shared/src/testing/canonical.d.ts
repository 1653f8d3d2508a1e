import { type FlowJson, type Json } from "../flow/json.js";
/**
 * A flow with names and ids that follow from its shape alone, its states in the order of the conversation: two flows that
 * are the same up to names and ids are equal in it.
 */
export declare function canonical(flow: FlowJson): [string, Json][];
