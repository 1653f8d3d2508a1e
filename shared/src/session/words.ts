import { plainText } from "../flow/rich-text.js";
import type { Message, RequestMessage } from "../message.js";
import { firstUnits } from "../text.js";

/** What a reader sees of a message, as plain text; empty for one that shows nothing. */
export function wordsOf(message: Message): string {
  switch (message.kind) {
    case "BotText":
      return plainText(message.content);
    case "ChoiceRequest":
      return plainText(message.question);
    case "StartChatSession":
      return plainText(message.chatText ?? "") || (message.chatPrompt ?? "");
    case "ChoiceResponse":
      return plainText(message.content ?? "", "choice") || message.itemId;
    case "UserText":
      return message.content;
    case "EndChatSession":
    case "ResetSession":
      return "";
  }
}

/** The words of a flow: of its steps by name, and of what it asks, in the order of the file. */
export type FlowWords = {
  /** What a state that shows something says, on one line, its beginning. */
  readonly steps: ReadonlyMap<string, string>;
  /** `q:<id>` a question, `t:<id>` a text asked for. Asked by several steps, it has the words of the first that has any. */
  readonly asked: ReadonlyMap<string, string>;
};

/** In a file ids may be numbers. */
type Loose = {
  readonly kind: string;
  readonly groupId?: string | number;
  readonly sessionId?: string | number;
  readonly content?: string;
};
const STEP_LENGTH = 100;

/** Reads the words of a published flow: one without errors. */
export function flowWords(flow: Readonly<Record<string, unknown>>): FlowWords {
  const steps = new Map<string, string>();
  const asked = new Map<string, string>();
  for (const [name, state] of Object.entries(flow)) {
    const request = (state as { sendRequest?: Loose } | null)?.sendRequest;
    if (!request) continue;
    const said = request.kind === "HandOff" ? handOffWords(request) : wordsOf(request as RequestMessage);
    const words = oneLine(said);
    if (words !== "") steps.set(name, firstUnits(words, STEP_LENGTH) + (words.length > STEP_LENGTH ? "…" : ""));
    const key = columnOf(request);
    if (key !== undefined && !asked.get(key)) asked.set(key, words);
  }
  return { steps, asked };
}

/** A hand-off is no message of a conversation: there it is the chat session that it opens. */
const handOffWords = ({ content }: Loose): string => plainText(content ?? "") || "Hand over to a person";

/** The column of the answers that a request asks for. */
const columnOf = ({ kind, groupId, sessionId }: Loose): string | undefined =>
  kind === "ChoiceRequest" ? `q:${groupId}` : kind === "StartChatSession" ? `t:${sessionId}` : undefined;

const oneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();
