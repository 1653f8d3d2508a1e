/** The launcher's look, and what keeps the page's styles out of the whole widget. */
export const LOADER_STYLES = `
:host{all:initial;color-scheme:light dark;-webkit-text-size-adjust:100%}
:host([data-mode=inline]){display:block;block-size:100%;min-block-size:320px}
:host([data-mode=inline][data-tall]){block-size:480px}
.launcher{position:fixed;z-index:2147483000;inset-block-end:20px;inset-inline-end:20px;inline-size:60px;block-size:60px;border:0;padding:0;border-radius:50%;
display:grid;place-items:center;cursor:pointer;background:var(--parley-color,#2456d6);color:var(--parley-on,#fff);box-shadow:0 4px 20px #0f172a59;transition:transform .15s;-webkit-tap-highlight-color:transparent}
:host([data-position=left]) .launcher{inset-inline:20px auto}
.launcher:hover{transform:scale(1.06)}
.launcher:focus-visible{outline:3px solid var(--parley-on,#fff);outline-offset:-7px}
.launcher[aria-busy=true]{cursor:progress;opacity:.8}
.launcher[hidden]{display:none}
.launcher svg{inline-size:28px;block-size:28px;fill:currentColor}
@media (prefers-reduced-motion:reduce){.launcher{transition:none}}
@media (forced-colors:active){.launcher{border:2px solid}}
@media print{:host{display:none}}
`;
