import type { AnswerMessage, Message } from "../message.js";

/**
 * A name or id of a flow that is another now. A list of them is carried out one after the other: `group` is what the
 * question was called when its answer got another id.
 */
export type Rename =
  | { readonly kind: "renameState"; readonly from: string; readonly to: string }
  | { readonly kind: "renameGroup"; readonly from: string; readonly to: string }
  | { readonly kind: "renameChat"; readonly from: string; readonly to: string }
  | { readonly kind: "renameItem"; readonly group: string; readonly from: string; readonly to: string };

/** What a state is called after the renames. */
export const renameState = (name: string, renames: readonly Rename[]): string =>
  renames.reduce((now, rename) => (rename.kind === "renameState" && rename.from === now ? rename.to : now), name);

/** What a chat session's `sessionId` is after the renames. */
export const renameChat = (id: string, renames: readonly Rename[]): string =>
  renames.reduce((now, rename) => (rename.kind === "renameChat" && rename.from === now ? rename.to : now), id);

/** What a question's `groupId` and one of its items are after the renames. */
export function renameItem(
  groupId: string,
  itemId: string,
  renames: readonly Rename[],
): { groupId: string; itemId: string } {
  let [group, item] = [groupId, itemId];
  for (const rename of renames) {
    if (rename.kind === "renameGroup" && rename.from === group) group = rename.to;
    else if (rename.kind === "renameItem" && rename.group === group && rename.from === item) item = rename.to;
  }
  return { groupId: group, itemId: item };
}

/** An answer with its ids as they are after the renames; the same object where they are the same. */
export function renameAnswer(answer: AnswerMessage, renames: readonly Rename[]): AnswerMessage {
  if (answer.kind === "UserText") {
    const sessionId = renameChat(answer.sessionId, renames);
    return sessionId === answer.sessionId ? answer : { ...answer, sessionId };
  }
  const { groupId, itemId } = renameItem(answer.groupId, answer.itemId, renames);
  return groupId === answer.groupId && itemId === answer.itemId ? answer : { ...answer, groupId, itemId };
}

/** The same of any message. */
export function renameMessage(message: Message, renames: readonly Rename[]): Message {
  switch (message.kind) {
    case "ChoiceRequest":
      return {
        ...message,
        groupId: renameItem(message.groupId, "", renames).groupId,
        choices: message.choices.map((choice) => ({
          ...choice,
          itemId: renameItem(message.groupId, choice.itemId, renames).itemId,
        })),
      };
    case "StartChatSession":
    case "EndChatSession":
      return { ...message, sessionId: renameChat(message.sessionId, renames) };
    case "ChoiceResponse":
    case "UserText":
      return renameAnswer(message, renames);
    default:
      return message;
  }
}
