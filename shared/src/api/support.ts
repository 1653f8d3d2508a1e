import { type Static, Type } from "typebox";
import { SAY_LENGTH } from "./conversations.js";
import { FlowId } from "./flows.js";
import { PictureName } from "./pictures.js";

const closed = { additionalProperties: false };
const Time = Type.String({ description: "ISO 8601, UTC" });
const Text = Type.String({ pattern: "\\S", maxLength: SAY_LENGTH });
const of = Type.Optional(Type.Union([FlowId], { description: "The only flow that it is for; absent: for all" }));

/** More saved replies than these a server has not, and more notes a visitor's session. */
export const MOST_REPLIES = 500;
export const MOST_NOTES = 200;

const replyFields = { title: Type.String({ pattern: "\\S", maxLength: 80 }), text: Text, flow: of };
/** What somebody may say to a visitor once more. */
export const SavedReply = Type.Object(
  { id: Type.String(), ...replyFields, by: Type.String({ description: "Who changed it last" }), at: Time },
  { $id: "SavedReply" },
);
export type SavedReply = Static<typeof SavedReply>;
export const SavedReplyList = Type.Object({ replies: Type.Array(SavedReply) }, { $id: "SavedReplyList" });
export type SavedReplyList = Static<typeof SavedReplyList>;
export const ReplyToSave = Type.Object(replyFields, { $id: "ReplyToSave", ...closed });
export type ReplyToSave = Static<typeof ReplyToSave>;

/** What people say to each other about a conversation. The visitor never sees it: it is not on the log. */
export const Note = Type.Object(
  {
    id: Type.String(),
    conversation: Type.String({ description: "Of the visitor's conversations, the one that it was written in" }),
    by: Type.String(),
    at: Time,
    text: Type.String(),
  },
  { $id: "Note" },
);
export type Note = Static<typeof Note>;
export const NoteList = Type.Object({ notes: Type.Array(Note) }, { $id: "NoteList" });
export type NoteList = Static<typeof NoteList>;
export const NewNote = Type.Object({ text: Text }, { $id: "NewNote", ...closed });

/** What visitors see of one. */
export const Profile = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        pattern: "^[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} ._'-]{0,63}$",
        description: "Shown to visitors in place of the account's name, which stands in the log; absent: that name",
      }),
    ),
    picture: Type.Optional(PictureName),
  },
  { $id: "Profile", ...closed },
);
export type Profile = Static<typeof Profile>;
