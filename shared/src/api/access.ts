import { type Static, Type } from "typebox";

/** What one may do in the studio and by its HTTP interface. */
export type Right =
  | "flows:read"
  | "flows:write"
  | "conversations:read"
  | "conversations:answer"
  | "conversations:erase"
  | "access:manage";

export const ROLES = ["owner", "editor", "operator", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/**
 * The rights of each role. An operator answers conversations, which is no right over flows. A viewer reads flows and
 * counts, and nothing that a visitor wrote. What cannot be undone is the owner's.
 */
export const ROLE_RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  owner: [
    ...["flows:read", "flows:write", "conversations:read", "conversations:answer"],
    ...["conversations:erase", "access:manage"],
  ] as Right[],
  editor: ["flows:read", "flows:write", "conversations:read", "conversations:answer"],
  operator: ["flows:read", "conversations:read", "conversations:answer"],
  viewer: ["flows:read"],
};

/** Roles whose people may be limited to some flows: they change none, and make none. */
export const LIMITABLE: readonly Role[] = ["operator", "viewer"];

/** The rights that a token may carry: none over people and tokens. */
export const TOKEN_SCOPES = [
  "flows:read",
  "flows:write",
  "conversations:read",
  "conversations:answer",
  "conversations:erase",
] as const satisfies readonly Right[];

const closed = { additionalProperties: false };
const Time = Type.String({ description: "ISO 8601, UTC" });
export const Role = Type.Enum(ROLES);
const Scope = Type.Enum(TOKEN_SCOPES);
const AnyRight = Type.Enum([...TOKEN_SCOPES, "access:manage"]);
const Name = Type.String({
  pattern: "^[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} ._@'-]{0,63}$",
  description: "Letters, digits, spaces and . _ @ ' -, at most 64",
});
/** NIST SP 800-63B: length is what counts, and nothing else is asked. */
export const PASSWORD_LENGTH = { min: 10, max: 200 } as const;
const Password = Type.String({ minLength: PASSWORD_LENGTH.min, maxLength: PASSWORD_LENGTH.max });

/** By the secret of a login link, which is then spent, or by name and password. */
export const SignIn = Type.Union(
  [
    Type.Object({ secret: Type.String({ maxLength: 200 }) }, closed),
    Type.Object({ name: Type.String({ maxLength: 200 }), password: Type.String({ maxLength: 1000 }) }, closed),
  ],
  { $id: "SignIn" },
);
export type SignIn = Static<typeof SignIn>;

/** Who the request comes from. */
export const Me = Type.Object(
  {
    kind: Type.Union([Type.Literal("person"), Type.Literal("token")]),
    id: Type.String(),
    name: Type.String(),
    shown: Type.Optional(Type.String({ description: "What visitors see in place of the name" })),
    picture: Type.Optional(Type.String({ description: "The picture that they see, at /assets/<picture>" })),
    role: Type.Optional(Role),
    rights: Type.Array(AnyRight),
    flows: Type.Optional(Type.Array(Type.String(), { description: "The only flows that one may see" })),
    expires: Type.Optional(Type.String({ description: "ISO 8601: when the session ends unless it is used" })),
  },
  { $id: "Me" },
);
export type Me = Static<typeof Me>;
/** Asked by every page that loads, so that being nobody yet is no error. */
export const Whoever = Type.Object({ me: Type.Optional(Me) }, { $id: "Whoever" });
export type Whoever = Static<typeof Whoever>;

export const User = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    role: Role,
    created: Time,
    lastSeen: Type.Optional(Time),
    flows: Type.Optional(
      Type.Array(Type.String(), { description: "The only flows that this one may see; absent: all" }),
    ),
    builtIn: Type.Boolean({ description: "Whom a login link without a name signs in; cannot be changed or removed" }),
  },
  { $id: "User" },
);
export type User = Static<typeof User>;
export const Users = Type.Object({ users: Type.Array(User) }, { $id: "Users" });
export type Users = Static<typeof Users>;
export const NewUser = Type.Object({ name: Name, role: Role, password: Password }, { $id: "NewUser", ...closed });
export const UserChange = Type.Object(
  {
    role: Type.Optional(Role),
    password: Type.Optional(Password),
    flows: Type.Optional(
      Type.Union([Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1_000, uniqueItems: true }), Type.Null()], {
        description: "The only flows that an operator or viewer may see; null: all",
      }),
    ),
  },
  { $id: "UserChange", minProperties: 1, ...closed },
);

const tokenFields = {
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Scope),
  flows: Type.Optional(Type.Array(Type.String(), { description: "The only flows that it may name; absent: all" })),
  by: Type.String({ description: "Who made it; it ends when that person is no longer an owner" }),
  created: Time,
  expires: Time,
  lastUsed: Type.Optional(Time),
};
export const Token = Type.Object(tokenFields, { $id: "Token" });
export type Token = Static<typeof Token>;
export const Tokens = Type.Object({ tokens: Type.Array(Token) }, { $id: "Tokens" });
export type Tokens = Static<typeof Tokens>;
export const NewToken = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    scopes: Type.Array(Scope, { minItems: 1, uniqueItems: true }),
    flows: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 100 })),
    days: Type.Integer({ minimum: 1, maximum: 365, description: "How long it lasts" }),
  },
  { $id: "NewToken", ...closed },
);
/** The secret is in this answer and nowhere else. */
export const MadeToken = Type.Object({ ...tokenFields, secret: Type.String() }, { $id: "MadeToken" });
export type MadeToken = Static<typeof MadeToken>;
