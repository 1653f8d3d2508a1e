const DARK =
  "--line:#343b49;--ground:#171b23;--bot:#262c38;--text:#eceff5;--soft:#a3adbf;--warn:#ff9a92;--edge:color-mix(in srgb,var(--parley-color,#2456d6) 55%,#fff);box-shadow:0 0 0 1px #ffffff1a,0 12px 48px #000a";

/** The conversation's look. Custom properties are the page's to set on the host element. */
export const STYLES = `
.panel{--line:#dfe3ea;--ground:#fff;--bot:#f0f2f6;--text:#1b2230;--soft:#586174;--warn:#b3261e;--edge:color-mix(in srgb,var(--parley-color,#2456d6) var(--parley-edge,100%),#000);
position:fixed;z-index:2147483647;inset:auto 20px 20px auto;margin:0;border:0;padding:0;inline-size:384px;block-size:min(640px,100dvh - 40px);
max-inline-size:calc(100vw - 40px);display:flex;flex-direction:column;overflow:hidden;border-radius:18px;
background:var(--ground);color:var(--text);font:400 15px/1.45 var(--parley-font,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif);
box-shadow:0 0 0 1px #0000000d,0 12px 48px #0f172a3d;text-align:start;-webkit-text-size-adjust:100%;outline:0;animation:rise .18s ease-out}
:host([data-side=left]) .panel{inset:auto auto 20px 20px}
:host([data-mode=popup]) .panel{inset:0;margin:auto;inline-size:480px;max-block-size:none}
.panel::backdrop{background:#0f172a80}
:host([data-mode=bubble]) .panel::backdrop{background:none}
:host([data-mode=inline]) .panel{position:relative;inset:auto;inline-size:100%;max-inline-size:none;block-size:100%;z-index:0;animation:none;box-shadow:0 0 0 1px var(--line)}
:host([data-mode=fullpage]) .panel{inset:var(--parley-top,0px) 0 auto 0;inline-size:auto;max-inline-size:none;block-size:var(--parley-height,100dvh);border-radius:0;animation:none;box-shadow:none;z-index:2147483000}
:host([data-mode=fullpage]) :is(.header,.log,.foot){padding-inline:max(14px,50% - 370px)}
.panel[hidden],[hidden]{display:none!important}
*,*::before{box-sizing:border-box}
.hidden{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
button{font:inherit;color:inherit;cursor:pointer;border:0;background:none;padding:0;-webkit-tap-highlight-color:transparent}
:focus-visible{outline:3px solid var(--edge);outline-offset:2px}
svg{inline-size:22px;block-size:22px;fill:currentColor;display:block}
.header{display:flex;align-items:center;gap:10px;padding:12px 8px 12px 16px;background:var(--parley-color,#2456d6);color:var(--parley-on,#fff)}
.header :focus-visible{outline-color:currentColor;outline-offset:-4px}
.name{flex:1;min-inline-size:0}
.title{font-weight:650;font-size:16px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.status{display:flex;align-items:center;gap:6px;font-size:13px}
.dot{inline-size:9px;block-size:9px;border-radius:50%;background:#facc15;box-shadow:0 0 0 2px var(--parley-on,#fff)}
.dot[data-status=connected]{background:#16a34a}.dot:is([data-status=offline],[data-status=closed],[data-status=refused]){background:#dc2626}
.tool{inline-size:44px;block-size:44px;display:grid;place-items:center;border-radius:12px;flex:none}
.tool:hover{background:color-mix(in srgb,currentColor 14%,transparent)}
.avatar{inline-size:28px;block-size:28px;flex:none;border-radius:50%;object-fit:cover;display:grid;place-items:center;overflow:hidden;background:var(--parley-color,#2456d6);color:var(--parley-on,#fff)}
.avatar svg{inline-size:18px;block-size:18px}
.header .avatar{inline-size:40px;block-size:40px;background:color-mix(in srgb,currentColor 16%,transparent)}
.header .avatar svg{inline-size:24px;block-size:24px}
.body{flex:1;min-block-size:0;position:relative;display:flex}
.log{flex:1;min-inline-size:0;overflow-y:auto;overscroll-behavior:contain;padding:16px 14px 8px;outline-offset:-3px}
.greeting{margin:0 0 14px;text-align:center;color:var(--soft);font-size:14px}
.row{display:flex;flex-direction:column;align-items:flex-end;margin-block-end:12px;animation:rise .18s ease-out}
.replay .row{animation:none}
.row.bot{align-items:flex-start;padding-inline-start:36px;position:relative}
.row.bot>.avatar{position:absolute;inset-inline-start:0;inset-block-end:0}
.row.bot:has(+.row.bot:not([hidden])){margin-block-end:4px}
.row.bot:has(+.row.bot:not([hidden]))>.avatar{visibility:hidden}
.bubble{max-inline-size:86%;padding:9px 13px;border-radius:16px;background:var(--bot);white-space:pre-wrap;overflow-wrap:anywhere}
.bot .bubble{max-inline-size:100%;border-end-start-radius:5px}
.visitor .bubble{background:var(--parley-color,#2456d6);color:var(--parley-on,#fff);border-end-end-radius:5px}
.visitor.sending .bubble{opacity:.65}
.bubble p,.bubble ul,.bubble ol,.bubble pre,.bubble blockquote{margin:0 0 .5em}
.bubble>:last-child{margin-block-end:0}
.bubble ul,.bubble ol{padding-inline-start:1.3em}
.bubble pre,.bubble code{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
.bubble pre{overflow-x:auto;white-space:pre;padding:8px 10px;border-radius:8px;background:color-mix(in srgb,currentColor 8%,transparent)}
.bubble blockquote{padding-inline-start:10px;border-inline-start:3px solid var(--line)}
.bubble img{max-inline-size:100%;block-size:auto;border-radius:10px;vertical-align:bottom;margin-block:4px}
.bubble a{color:inherit;text-underline-offset:2px}
.choices{display:flex;flex-wrap:wrap;gap:8px;padding-block-start:8px}
.choice{min-block-size:44px;padding:8px 16px;border-radius:22px;border:1.5px solid var(--edge);background:var(--ground);font-weight:550;text-align:start;overflow-wrap:anywhere;transition:background .12s,color .12s}
.choice:hover:not([aria-disabled]){background:var(--parley-color,#2456d6);color:var(--parley-on,#fff)}
.choice[aria-disabled]{border-color:var(--line);color:var(--soft);cursor:default;font-weight:400}
.meta{font-size:13px;color:var(--soft);padding-block-start:3px}
.panel[data-status=connected] .sending .meta{display:none}
.meta.failed{color:var(--warn)}
.meta button{min-block-size:44px;padding-inline:8px;text-decoration:underline;font-weight:600}
.dots{display:flex;gap:4px;padding:14px 13px}
.dots i{inline-size:7px;block-size:7px;border-radius:50%;background:var(--soft);animation:blink 1.2s infinite}
.dots i:nth-child(2){animation-delay:.15s}.dots i:nth-child(3){animation-delay:.3s}
.pill{position:absolute;inset-block-end:8px;inset-inline:0;margin-inline:auto;inline-size:max-content;min-block-size:44px;padding:0 18px;border-radius:22px;background:var(--text);color:var(--ground);font-size:14px;font-weight:600;box-shadow:0 4px 16px #0003}
.foot{border-block-start:1px solid var(--line);padding:10px}
.error{margin:0 6px 8px;color:var(--warn);font-size:14px}
.error:empty{display:none}
.editor{display:flex;align-items:flex-end;gap:6px;border:1px solid var(--line);border-radius:16px;padding:3px 3px 3px 12px;background:var(--ground)}
.editor:focus-within{border-color:transparent;outline:2px solid var(--edge)}
.editor.off{background:var(--bot)}
textarea{flex:1;min-inline-size:0;min-block-size:44px;max-block-size:132px;resize:none;border:0;outline:0;background:none;color:inherit;font:inherit;font-size:16px;line-height:22px;padding:11px 0}
textarea:focus-visible{outline:0}
textarea::placeholder{color:var(--soft);opacity:1;white-space:nowrap;text-overflow:ellipsis;overflow:hidden}
textarea:disabled{cursor:not-allowed}
.send{color:var(--ground);background:var(--text)}
.send:hover{background:var(--text);opacity:.85}
.send:disabled{background:none;color:var(--soft);opacity:.5;cursor:default}
.over{text-align:center;color:var(--soft);font-size:14px}
.over button{display:block;inline-size:100%;min-block-size:44px;margin-block-start:8px;border-radius:14px;background:var(--parley-color,#2456d6);color:var(--parley-on,#fff);font-weight:600;font-size:15px}
.debug{margin:0;block-size:30%;overflow:auto;padding:8px 10px;background:#0b1020;color:#d6e2ff;font:11px/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
@keyframes rise{from{opacity:0;transform:translateY(6px)}}
@keyframes blink{0%,60%,100%{opacity:.3}30%{opacity:1}}
@media (prefers-color-scheme:dark){:host(:not([data-theme=light])) .panel{${DARK}}}
:host([data-theme=dark]) .panel{${DARK}}
@media (max-width:520px),(max-height:480px){:host(:not([data-mode=inline])) .panel:not(#p){inset:var(--parley-top,0px) 0 auto;margin:0;inline-size:100%;max-inline-size:none;max-block-size:none;block-size:var(--parley-height,100dvh);border-radius:0;box-shadow:none}}
@media (prefers-reduced-motion:reduce){*,.panel,.row{animation:none!important;transition:none!important}.dots i{opacity:.6}}
@media (forced-colors:active){.bubble,.choice,.editor,.header{border:1px solid}}
`;
