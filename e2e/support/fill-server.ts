import type { Page } from "@playwright/test";
import { SAMPLE_FLOW, sampleFlow } from "./sample-flow.js";
import type { Given } from "./screens.js";
import { expect } from "./studio.js";

/** Flows for what leaves something unsaved behind, each used once. */
export const OWN_FLOWS = ["spoiled", "held", "cut-off", "refused", "shared", "left"] as const;

/** Makes the flows that the screens show; once a server. */
export async function fillServer(page: Page): Promise<Given> {
  const headers = { Origin: new URL(page.url()).origin };
  const post = async (path: string, data?: object) => {
    const answer = await page.request.post(path, { headers, ...(data && { data }) });
    // 409: it is there already.
    expect([200, 201, 204, 409], await answer.text()).toContain(answer.status());
  };
  const file = (flow: object) => ({ kind: "file", text: JSON.stringify(flow) });
  await post("/api/flows", sampleFlow("sample"));
  await post("/api/flows", { id: "blank", title: "Blank", from: { kind: "blank" } });
  await post("/api/flows", { id: "bare", title: "Nothing in it", from: file({}) });
  await post("/api/flows", { id: "archived", title: "Put away", from: file(SAMPLE_FLOW) });
  await post("/api/flows/archived/archive");
  for (const id of OWN_FLOWS) await post("/api/flows", { ...sampleFlow(id), title: "A parcel that is late" });
  return { flow: "sample", blank: "blank", bare: "bare", archived: "archived" };
}
