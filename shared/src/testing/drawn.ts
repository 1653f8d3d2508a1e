import { richText } from "../flow/rich-text.js";
import type { RequestMessage } from "../message.js";

/** Rich text by what it shows: the two may spell a `<` that starts no tag differently. */
export function drawn(message: RequestMessage): unknown {
  const tree = (text: string) => richText(text).tree;
  switch (message.kind) {
    case "BotText":
      return { ...message, content: tree(message.content) };
    case "ChoiceRequest":
      return {
        ...message,
        question: tree(message.question),
        choices: message.choices.map((item) => ({ ...item, content: richText(item.content, "choice").tree })),
      };
    case "StartChatSession":
      return { ...message, ...(message.chatText !== undefined && { chatText: tree(message.chatText) }) };
    case "EndChatSession":
      return message;
  }
}
