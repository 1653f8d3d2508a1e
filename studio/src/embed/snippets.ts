/** The tag that shows a flow. @param server where visitors reach it, ends with "/" */
export const tagOf = (server: string, flow: string): string =>
  `<script async src="${server}widget.js" data-flow="${flow}"></script>`;

/** The same by script, for what takes the `data-` attributes off a tag. */
export const scriptOf = (server: string, flow: string): string => `<script>
  (function () {
    var tag = document.createElement("script");
    tag.async = true;
    tag.src = "${server}widget.js";
    tag.setAttribute("data-flow", "${flow}");
    document.body.appendChild(tag);
  })();
</script>`;

/** The same for a site with a build of its own. */
export const moduleOf = (server: string, flow: string): string =>
  `import { mount } from "@parley/widget";

const widget = mount({ server: "${new URL(server).origin}", flow: "${flow}" });`;

/** The Content-Security-Policy that a site with one needs on top of its own. */
export function policyOf(server: string): string {
  const { origin } = new URL(server);
  return `script-src ${origin}; connect-src ${origin} ${origin.replace(/^http/, "ws")}; img-src ${origin}`;
}

/** A page with nothing but the widget. */
export const testPageOf = (server: string, flow: string): string => `${server}?flow=${encodeURIComponent(flow)}`;

/** The flow's own page. */
export const pageOf = (server: string, flow: string): string => `${server}c/${flow}`;

/** The same in a frame of another site. @param title what the frame is called to those who do not see it */
export function frameOf(server: string, flow: string, title: string): string {
  const named = title.replace(/[&"<>]/g, (one) => `&#${one.codePointAt(0)};`);
  return `<iframe src="${pageOf(server, flow)}" title="${named}" width="400" height="640" loading="lazy"></iframe>`;
}
