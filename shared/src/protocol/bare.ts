import type { RequestMessage, ResponseMessage } from "../message.js";

/** The bare protocol (SPEC W1): what existing clients speak. One JSON object a frame, no subprotocol, a cookie. */
export const BARE_COOKIE = "Fluvio-Bot-Assistant";
export type BareServerFrame = RequestMessage | ResponseMessage;
export type BareClientFrame = ResponseMessage;
