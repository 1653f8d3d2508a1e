import { type Static, Type } from "typebox";

const closed = { additionalProperties: false };
/** Conversations that are played at most: the newest. */
export const MOST_REPLAYED = 10_000;
/** Conversations named of each place. */
export const MOST_EXAMPLES = 20;

export const WhatIfRequest = Type.Object(
  { days: Type.Integer({ minimum: 1, maximum: 90, description: "Conversations that began in the last so many days" }) },
  { $id: "WhatIfRequest", ...closed },
);

const Outcome = Type.Union([Type.Literal("differs"), Type.Literal("dead-end")]);
/** What the recorded conversations would have been on the draft. */
export const WhatIfReport = Type.Object(
  {
    conversations: Type.Integer({ description: "How many were played" }),
    same: Type.Integer(),
    differs: Type.Integer(),
    deadEnds: Type.Integer({
      description: "Could not have gone on where they did, or would not wait where they waited",
    }),
    unread: Type.Integer({ description: "Could not be read here" }),
    places: Type.Array(
      Type.Object({
        outcome: Outcome,
        state: Type.Optional(Type.String({ description: "The name of the state where first" })),
        count: Type.Integer(),
        examples: Type.Array(Type.String({ description: "A conversation's id" }), { maxItems: MOST_EXAMPLES }),
      }),
      { description: "Those with most first" },
    ),
  },
  { $id: "WhatIfReport" },
);
export type WhatIfReport = Static<typeof WhatIfReport>;

/** The lines of the answer, one JSON object each: how far it is, and at the end the report or why there is none. */
export type WhatIfLine =
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "report"; readonly report: WhatIfReport }
  | { readonly kind: "failed"; readonly title: string };

const Said = Type.Object({
  by: Type.Union([Type.Literal("bot"), Type.Literal("visitor")]),
  text: Type.String({ description: "Plain; empty where nothing is seen" }),
  state: Type.Optional(Type.String()),
});
export const WhatIfTranscript = Type.Object(
  {
    outcome: Type.Union([Type.Literal("same"), Outcome]),
    state: Type.Optional(Type.String()),
    why: Type.Optional(Type.String({ description: "Why an answer would not have been taken" })),
    rows: Type.Array(
      Type.Object({
        before: Type.Optional(Said),
        after: Type.Optional(Said),
        differs: Type.Boolean(),
      }),
      { description: "As it was, and as it would have been, beside each other" },
    ),
  },
  { $id: "WhatIfTranscript" },
);
export type WhatIfTranscript = Static<typeof WhatIfTranscript>;
