/**
 * The launcher's look, and what keeps the page's styles out of the whole widget: important rules of a shadow root win
 * over important ones of the page. Custom properties are the page's to set on the element. On the left side the launcher
 * and its greeting stand from the right, whatever is written in them. Borders without a colour are for forced colours.
 * Within an element the widget is as high as that; where that has no height of its own, it has the intrinsic one.
 */
export const LOADER_STYLES = `
:host{all:initial!important;position:fixed!important;inset:0 auto auto 0!important}
:host([data-mode=inline]){display:block!important;position:static!important;inline-size:100%!important;block-size:100%!important;min-block-size:320px!important;contain:size!important;contain-intrinsic-block-size:480px!important}
.frame{display:contents}
[hidden]{display:none!important}
:where(.dock,.dock button){all:unset;cursor:pointer;box-sizing:border-box}
.dock{position:fixed;z-index:2147483647;inset:auto 20px 20px auto;display:flex;align-items:flex-end;gap:12px;font:15px/1.4 var(--parley-font,system-ui,sans-serif)}
:host([data-side=left]) .dock{inset:auto auto 20px 20px;direction:rtl}
.launcher,.dock img{inline-size:60px;block-size:60px;border-radius:50%;object-fit:cover}
.launcher{flex:none;display:grid;place-items:center;background:var(--parley-color,#2456d6);color:var(--parley-on,#fff);box-shadow:0 4px 20px #0f172a59;font-size:30px}
.launcher,.hi{border:2px solid #0000}
.dock :focus-visible{outline:3px solid;outline-offset:-6px}
[aria-busy=true]{cursor:progress;opacity:.8}
.dock svg{inline-size:28px;block-size:28px;fill:currentColor}
.dock b{position:absolute;inset-block-end:42px;min-inline-size:22px;border-radius:11px;background:#b3261e;color:#fff;font-size:13px;line-height:22px;text-align:center}
.hi{display:flex;max-inline-size:min(260px,100vw - 120px);border-radius:18px;background:Canvas;color:CanvasText;box-shadow:0 4px 20px #0f172a59}
.hello{padding:12px 16px}
.away{padding:8px 17px;font-size:20px}
@media print{.frame{display:none}}
`;
