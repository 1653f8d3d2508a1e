import { createRequire } from "node:module";

/** The published list of strings that break programs; of it what has to do with markup. */
const naughty = createRequire(import.meta.url)("big-list-of-naughty-strings/blns.json") as string[];
const PUBLISHED = naughty.filter((text) => /<|script:/i.test(text));
/** What these texts try here: run something, load something, look like the widget or reach out of it. */
const OURS = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
  "<a href='java\tscript:alert(1)'>x</a>",
  "<a href='&#106;avascript:alert(1)'>x</a>",
  "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
  "<a href=//evil.example>x</a>",
  "<a href='https://ok.example' target=_top onclick=alert(1) style='position:fixed;inset:0'>x</a>",
  "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
  "<form action=https://evil.example><button formaction=javascript:alert(1)>x</button></form>",
  "<style>*{display:none!important}</style><link rel=stylesheet href=//evil.example/x.css>",
  "<div class=panel style='position:fixed;inset:0'>x</div><p id=q2 class=launcher>x</p>",
  "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
  "<b>".repeat(5_000),
  `${"<".repeat(20_000)}b`,
  "{{x}}<template><script>alert(1)</script></template>",
  "\u202e<b>txt.exe</b>\u0000\ufeff",
];
/** Texts that attack, wherever somebody can put one. */
export const ATTACKS = [...OURS, ...PUBLISHED];
