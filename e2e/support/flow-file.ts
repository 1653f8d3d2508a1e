import { type APIResponse, expect, type Page } from "@playwright/test";
import { exportedFile } from "./studio.js";

/** A flow's file as JSON: names and states in their order. */
export type FlowFile = Readonly<Record<string, FlowState>>;
export type FlowState = {
  readonly sendRequest?: {
    readonly kind: string;
    readonly content?: string;
    readonly groupId?: string;
    readonly handOffId?: string;
    readonly sessionId?: string;
    readonly question?: string;
    readonly chatText?: string;
    readonly choices?: readonly { readonly itemId: string; readonly content: string }[];
  };
  readonly matchResponse?: {
    readonly kind: string;
    readonly groupId?: string;
    readonly handOffId?: string;
    readonly itemId?: string;
    readonly sessionId?: string;
    readonly content?: string;
  };
  readonly next?: string;
};

/** A message, as it stands in the file. */
export const say = (content: string, next?: string): FlowState => ({
  sendRequest: { kind: "BotText", content },
  ...(next !== undefined && { next }),
});
/** The file of a flow, as it stands once it is edited. */
export const fileOf = (flow: FlowFile): string => `${JSON.stringify(flow, null, 2)}\n`;

/** Waits until the server has a draft of which this is true: what was done in the page is saved by then. */
export async function saved(page: Page, flow: string, is: (file: FlowFile, text: string) => void): Promise<void> {
  await expect(async () => {
    const text = await exportedFile(page, flow);
    is(JSON.parse(text) as FlowFile, text);
  }).toPass({ intervals: [100, 100, 200, 400], timeout: 10_000 });
}

/** The draft with what stands beside the flow, as the server keeps it. */
export async function draftOf(page: Page, flow: string): Promise<Record<string, unknown>> {
  const answer: APIResponse = await page.request.get(`/api/flows/${flow}/draft`);
  expect(answer.status()).toBe(200);
  return answer.json();
}
