import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Browser, Download } from "@playwright/test";
import { expect } from "@playwright/test";
import type { FlowFile } from "./flow-file.js";
import { withNamesOf } from "./same-flow.js";
import { startServer } from "./server.js";
import { exampleText } from "./studio.js";

const BIN = fileURLToPath(new URL("../../runtime/bin/parley.js", import.meta.url));
const run = promisify(execFile);

/** The conversation that every server of bot-assistant.json has: what the bot (`<`) and the visitor (`>`) say. */
const CONVERSATION = [
  "< BotText Hi, I'm Bot! Nice to meet you.",
  "< ChoiceRequest What programming language do you use in your hobby projects? [Rust, Go, Other]",
  "> Other",
  "< StartChatSession I enabled chat editor",
  "> Zig",
  "< EndChatSession",
  "< ChoiceRequest Any other? [Yes, No]",
  "> No",
  "< BotText Great, thanks!",
];

/**
 * Holds an exported file against bot-assistant.json: it has no finding, a server of it has the reference conversation,
 * and it is that file up to names and ids.
 * @param file where the text may be kept meanwhile
 */
export async function expectReference(text: string, browser: Browser, file: string): Promise<void> {
  const wanted = JSON.parse(exampleText("bot-assistant")) as FlowFile;
  expect(withNamesOf(JSON.parse(text) as FlowFile, wanted)).toEqual(wanted);
  await writeFile(file, text);
  const { stdout } = await run(process.execPath, [BIN, "check", file, "--format", "json"]);
  expect(JSON.parse(stdout)).toEqual([]);
  expect(await converse(file, browser)).toEqual(CONVERSATION);
}

/** What is said on a socket to a server of a flow file, by the protocol of the first clients. */
async function converse(file: string, browser: Browser): Promise<string[]> {
  const server = await startServer({ args: [file] });
  const page = await browser.newPage();
  try {
    await page.goto(server.url);
    return await page.evaluate(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const socket = new WebSocket(`${location.origin.replace("http", "ws")}/`);
          const said: string[] = [];
          const answer = (words: string, message: object) => {
            said.push(`> ${words}`);
            socket.send(JSON.stringify(message));
          };
          socket.onclose = () => reject(new Error(`the server closed after ${JSON.stringify(said)}`));
          socket.onmessage = ({ data }) => {
            const { kind, content, question, chatText, choices, groupId, sessionId } = JSON.parse(data);
            const list = choices?.map((choice: { content: string }) => choice.content).join(", ");
            const words = content ?? question ?? chatText;
            said.push(["<", kind, words, list && `[${list}]`].filter(Boolean).join(" "));
            const wanted = said.length < 4 ? "Other" : "No";
            const choice = choices?.find((choice: { content: string }) => choice.content === wanted);
            if (kind === "ChoiceRequest") answer(wanted, { kind: "ChoiceResponse", groupId, ...choice });
            else if (kind === "StartChatSession") answer("Zig", { kind: "UserText", sessionId, content: "Zig" });
            else if (content === "Great, thanks!") resolve(said);
          };
        }),
    );
  } finally {
    await page.close();
    await server.stop("SIGKILL");
  }
}

/** The text of a file that the page gave to keep. */
export const textOf = async (download: Download): Promise<string> => readFile(await download.path(), "utf8");
