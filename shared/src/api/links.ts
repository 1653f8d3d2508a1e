import { type Static, Type } from "typebox";
import { LayoutSchema } from "../flow/layout.js";
import { Answers } from "./preview.js";

const closed = { additionalProperties: false };
const Time = Type.String({ description: "ISO 8601, UTC" });
/** The secret of a draft link, from the fragment of its address. */
const Right = Type.String({ maxLength: 200, description: "What stands behind the # of the link's address" });
const PreviewId = Type.String({ pattern: "^[0-9a-f]{16}$", description: "The preview that this reader began" });
/** A name that a reader gives himself: nobody has checked it. */
const ReaderName = Type.String({ maxLength: 64 });

/** Characters of a comment, comments of a link, and days that a link is good. */
export const COMMENT_LENGTH = 2_000;
export const MAX_COMMENTS = 200;
export const LINK_DAYS = { usual: 7, most: 30 } as const;

const linkFields = {
  id: Type.String(),
  follows: Type.Boolean({
    description: "It shows the draft as it is edited, and not as it was when the link was made",
  }),
  drawing: Type.Boolean({ description: "The drawing is shown beside the conversation" }),
  by: Type.String({ description: "Who made it; it ends when that person may not change flows any more" }),
  created: Time,
  expires: Time,
  lastUsed: Type.Optional(Time),
  comments: Type.Integer(),
};
export const DraftLink = Type.Object(linkFields, { $id: "DraftLink" });
export type DraftLink = Static<typeof DraftLink>;
const SentConversation = Type.Object({
  id: Type.String(),
  author: Type.String({ description: "As the reader called himself" }),
  at: Time,
  answers: Type.Integer(),
});
export const DraftLinks = Type.Object(
  {
    links: Type.Array(DraftLink, { description: "Newest first; those that are over are listed for a month more" }),
    sent: Type.Array(SentConversation, { description: "Conversations that readers sent, newest first" }),
  },
  { $id: "DraftLinks" },
);
export type DraftLinks = Static<typeof DraftLinks>;
export const NewLink = Type.Object(
  {
    follows: Type.Boolean(),
    drawing: Type.Boolean(),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: LINK_DAYS.most, description: "7 if it is not said" })),
  },
  { $id: "NewLink", ...closed },
);
/** The address is in this answer and nowhere else. */
export const MadeLink = Type.Object(
  {
    ...linkFields,
    url: Type.String({ description: "Its address, with the right in the fragment" }),
    loopback: Type.Boolean({ description: "Only this machine can open it" }),
  },
  { $id: "MadeLink" },
);
export type MadeLink = Static<typeof MadeLink>;
export const SentInputs = Type.Object({ author: Type.String(), inputs: Answers }, { $id: "SentInputs" });

/** A reader asks what the link shows: `have` is the ETag of what he has, `preview` the conversation that is to stay. */
export const LookAtShared = Type.Object(
  { link: Right, have: Type.Optional(Type.String({ maxLength: 100 })), preview: Type.Optional(PreviewId) },
  { $id: "LookAtShared", ...closed },
);
const SharedComment = Type.Object({
  author: Type.String(),
  text: Type.String(),
  at: Time,
  about: Type.String({ description: "The first words of the message" }),
});
export type SharedComment = Static<typeof SharedComment>;
const SharedDrawing = Type.Object(
  {
    flow: Type.Record(Type.String(), Type.Unknown(), { description: "The flow; it may be broken" }),
    layout: LayoutSchema,
  },
  { description: "The drawing without its notes, which are for who works on the flow" },
);
export const SharedDraft = Type.Object(
  {
    title: Type.String(),
    follows: Type.Boolean(),
    expires: Time,
    etag: Type.String(),
    drawing: Type.Optional(SharedDrawing),
    drawn: Type.Boolean({ description: "There is a drawing; it is left out when the reader has it" }),
    comments: Type.Array(SharedComment, { description: "Those of this link, oldest first" }),
    goesOn: Type.Boolean({ description: "The preview that was named is still there" }),
  },
  { $id: "SharedDraft" },
);
export type SharedDraft = Static<typeof SharedDraft>;
export const PlayShared = Type.Object({ link: Right }, { $id: "PlayShared", ...closed });
export const SharedPreview = Type.Object(
  { preview: Type.String(), ticket: Type.String({ description: "For one socket at /preview within 60 s" }) },
  { $id: "SharedPreview" },
);
export const NewComment = Type.Object(
  {
    link: Right,
    preview: PreviewId,
    seq: Type.Optional(Type.Integer({ minimum: 1, description: "The message; absent: the bot's last one" })),
    author: ReaderName,
    text: Type.String({ minLength: 1, maxLength: COMMENT_LENGTH, pattern: "\\S", description: "Plain text" }),
  },
  { $id: "NewComment", ...closed },
);
export const CommentMade = Type.Object({ comment: SharedComment }, { $id: "CommentMade" });
export const SendConversation = Type.Object(
  { link: Right, preview: PreviewId, author: ReaderName },
  { $id: "SendConversation", ...closed },
);
