import { plainText } from "@parley/shared/flow/rich-text";
import type { AnswerMessage } from "@parley/shared/message";
import type { Transcript } from "./transcript.js";

/** What a text is that the page says for the visitor: a choice of what is asked now, or words for the open chat session. */
export function answerOf(
  t: Transcript,
  text: string,
): { readonly message: AnswerMessage; readonly re: number } | undefined {
  for (const item of t.items.toReversed()) {
    if (item.kind !== "question" || item.state !== "open") continue;
    const { groupId, seq } = item;
    const words = (content: string) => plainText(content, "choice");
    const choice = item.choices.find(({ itemId, content }) => itemId === text || words(content) === text.trim());
    if (choice) {
      const { itemId, content } = choice;
      return { message: { kind: "ChoiceResponse", groupId, itemId, content }, re: seq };
    }
  }
  const chat = t.chats.at(-1);
  return chat && { message: { kind: "UserText", sessionId: chat.sessionId, content: text }, re: chat.seq };
}
