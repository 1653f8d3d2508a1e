import { type Static, Type } from "typebox";

const closed = { additionalProperties: false };
export const PictureName = Type.String({
  pattern: "^[0-9a-f]{64}\\.(png|jpeg|gif|webp)$",
  description: "SHA-256 of its bytes in hex, and its type: the picture is at /assets/<name>",
});

export const NewPicture = Type.Object(
  {
    data: Type.String({ contentEncoding: "base64", description: "The bytes of the file in base64: at most 2 MiB" }),
    name: Type.Optional(
      Type.String({ maxLength: 100, description: "What it was called by another server: it has to be that picture" }),
    ),
  },
  { $id: "NewPicture", ...closed },
);
export type NewPicture = Static<typeof NewPicture>;

const fields = {
  name: PictureName,
  bytes: Type.Integer(),
  width: Type.Integer({ description: "Pixels" }),
  height: Type.Integer({ description: "Pixels" }),
};
export const StoredPicture = Type.Object(fields, { $id: "StoredPicture" });
export type StoredPicture = Static<typeof StoredPicture>;

const Room = Type.Object({ bytes: Type.Integer(), limit: Type.Integer() });
export const PictureList = Type.Object(
  {
    pictures: Type.Array(StoredPicture),
    missing: Type.Array(PictureName, { description: "Named as if this server had them, and it does not" }),
    room: Type.Object(
      { flow: Room, server: Type.Optional(Room) },
      { description: "Bytes in use and at most: of this flow; and of all flows, for whoever manages the server" },
    ),
  },
  { $id: "PictureList" },
);
export type PictureList = Static<typeof PictureList>;
