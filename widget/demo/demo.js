// The page of a site owner would hold only the one script tag; this one also lets you choose the flow.
const byId = (id) => document.getElementById(id);

async function readFlows() {
  const response = await fetch("/demo/flows.json");
  if (!response.ok) throw new Error(`/demo/flows.json: ${response.status}`);
  return response.json();
}

function listFlows(flows, current) {
  for (const { id, title } of flows) {
    const link = document.createElement("a");
    link.href = `/?flow=${encodeURIComponent(id)}`;
    link.textContent = title || id;
    if (id === current) link.setAttribute("aria-current", "page");
    const item = document.createElement("li");
    item.append(link);
    byId("flows").append(item);
  }
}

function embed(flow) {
  const script = document.createElement("script");
  script.async = true;
  script.src = "/widget.js";
  script.dataset.flow = flow;
  const { searchParams } = new URL(location.href);
  if (searchParams.has("debug")) script.dataset.debug = "";
  document.body.append(script);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    byId("copied").textContent = "Copied";
  } catch {
    // No clipboard here (an insecure address, or not allowed): select it for the visitor's own copy.
    getSelection().selectAllChildren(byId("snippet"));
    byId("copied").textContent = "Selected: press Ctrl+C";
  }
}

const {
  flows,
  default: first,
  ws,
} = await readFlows().catch((error) => {
  console.error("The list of flows could not be read.", error);
  return { flows: [], default: "bot-assistant", ws: location.origin.replace(/^http/, "ws") };
});
const asked = new URL(location.href).searchParams.get("flow");
const flow = flows.some(({ id }) => id === asked) ? asked : first;
const snippet = `<script async src="${location.origin}/widget.js" data-flow="${flow}"></script>`;

listFlows(flows, flow);
byId("ws").textContent = ws;
byId("snippet").textContent = snippet;
byId("copy").addEventListener("click", () => copy(snippet));
byId("ask").addEventListener("click", () => window.Parley?.open());
if (location.hash === "#server") document.querySelector("details").open = true;
for (const link of document.querySelectorAll('a[href="#server"]')) {
  link.addEventListener("click", () => {
    document.querySelector("details").open = true;
  });
}
embed(flow);
