/** Every name and id of the file in the sample flow begins so, and no word of a reader does: where it is seen, it leaked. */
export const FILE_NAME_MARK = "qxz";

const message = (content: string, next?: string) => ({
  sendRequest: { kind: "BotText", content },
  ...(next && { next }),
});
const question = (groupId: string, question: string, answers: Record<string, string>) => ({
  sendRequest: {
    kind: "ChoiceRequest",
    groupId,
    question,
    choices: Object.entries(answers).map(([itemId, content]) => ({ itemId, content })),
  },
});
const picked = (groupId: string, itemId: string, next?: string) => ({
  matchResponse: { kind: "ChoiceResponse", groupId, itemId },
  ...(next && { next }),
});
const typed = (sessionId: string, next: string, content?: string) => ({
  matchResponse: { kind: "UserText", sessionId, ...(content !== undefined && { content }) },
  next,
});

const LONG =
  "Which of these do you mean, when you say that the parcel which you ordered in the first week of the month has not come";

/** One of each kind of step, of each kind of finding that a designer meets, and texts that are far too long or missing. */
export const SAMPLE_FLOW = {
  qxzHello: message("Hello! I answer questions about parcels.", "qxzWhich"),
  qxzWhich: question("qxzWhat", `${LONG}?`, {
    qxzLate: "It is late",
    qxzLong: `${LONG}, and nobody told you`,
    qxzNone: "",
  }),
  qxzIsLate: picked("qxzWhat", "qxzLate", "qxzAsk"),
  qxzIsLong: picked("qxzWhat", "qxzLong", "qxzGone"),
  qxzAsk: {
    sendRequest: {
      kind: "StartChatSession",
      sessionId: "qxzNumber",
      chatPrompt: "The number of your parcel…",
      chatText: "What is its number?",
    },
  },
  qxzCode: typed("qxzNumber", "qxzClose", "I do not know"),
  qxzText: typed("qxzNumber", "qxzClose"),
  qxzClose: { sendRequest: { kind: "EndChatSession", sessionId: "qxzNumber" }, next: "qxzBye" },
  qxzBye: message("Thank you. Somebody will look for it."),
  qxzAlone: message(""),
  qxzBroken: { sendRequest: { kind: "Nonsense", words: 7 } },
  qxzSame: question("qxzAgain", "Once more?", { qxzYes: "Yes", qxzNo: "No" }),
  qxzSaysYes: picked("qxzAgain", "qxzYes", "qxzSame"),
  qxzSaysYesToo: picked("qxzAgain", "qxzYes", "qxzHello"),
  qxzSaysNo: picked("qxzAgain", "qxzNo", "qxzBye"),
  qxzStray: picked("qxzNowhere", "qxzNothing", "qxzHello"),
  qxzSilent: question("qxzQuiet", "", { qxzOnly: "" }),
  qxzMute: { sendRequest: { kind: "StartChatSession", sessionId: "qxzMuted" } },
  qxzRound: message("Round and round", "qxzRound"),
  qxzShut: { sendRequest: { kind: "EndChatSession", sessionId: "qxzNever" }, next: "qxzBye" },
} as const;

const SAMPLE_LAYOUT = {
  notes: [
    { id: "qxzNote", text: "Ask the warehouse about this.", x: 0, y: -200, author: "Ada", at: "2026-01-02T03:04:05Z" },
  ],
  groups: [{ id: "qxzGroup", title: "The parcel", states: ["qxzHello", "qxzWhich"] }],
};

export const SAMPLE_TITLE = "A parcel that is late, and a title much longer than there will ever be room for in a bar";

/** The body of a request that makes the flow. */
export const sampleFlow = (id: string) => ({
  id,
  title: SAMPLE_TITLE,
  from: {
    kind: "file" as const,
    text: JSON.stringify(SAMPLE_FLOW),
    layout: SAMPLE_LAYOUT,
    settings: { title: SAMPLE_TITLE, origins: ["https://shop.example"], variables: ["visitor"] },
  },
});
