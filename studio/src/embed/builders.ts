import { scriptOf, tagOf } from "./snippets.js";

/** A tool that people make sites with: where its pages take a script, in the words of its own screens. */
export type Builder = {
  readonly id: string;
  readonly name: string;
  /** What it asks for before it takes any script. */
  readonly needs?: string;
  /** In order; what is between asterisks is a word of the tool's screen. The one with `snippet` comes with the text. */
  readonly steps: readonly { readonly text: string; readonly snippet?: true }[];
  readonly snippet: (server: string, flow: string) => string;
  /** Which addresses such a site has, to be allowed. */
  readonly sites: string;
};

export const BUILDERS: readonly Builder[] = [
  {
    id: "wordpress",
    name: "WordPress",
    needs:
      "an administrator, and a plugin that puts code in the footer, such as WPCode. On WordPress.com, a plan with plugins.",
    steps: [
      { text: "Under *Plugins*, *Add Plugin*, find WPCode, install and activate it." },
      { text: "Open *Code Snippets*, *Header & Footer*." },
      { text: "Paste this into *Footer*:", snippet: true },
      { text: "Press *Save Changes*. If a plugin makes pages faster, empty its cache, and let it delay no widget.js." },
    ],
    snippet: tagOf,
    sites: "your site, with and without www if it answers to both",
  },
  {
    id: "webflow",
    name: "Webflow",
    needs: "a site or workspace with a paid plan.",
    steps: [
      { text: "Open the *Site settings*, and there *Custom code*." },
      { text: "Paste this into *Footer code*:", snippet: true },
      { text: "Press *Save*, and publish the site. The designer's own preview shows no custom code." },
    ],
    snippet: tagOf,
    sites: "your domain, and https://….webflow.io if you publish there too",
  },
  {
    id: "wix",
    name: "Wix",
    needs: "a published site with a plan and a domain of its own.",
    steps: [
      { text: "In the site's dashboard open *Settings*, and under *Advanced* *Custom Code*." },
      { text: "Press *Add Custom Code*, and paste this:", snippet: true },
      { text: "Choose *All pages*, *Load code once*, and *Body - end*." },
      { text: "Press *Apply*. It is on the published site, and not in the editor." },
    ],
    snippet: tagOf,
    sites: "your domain, with www if it has that",
  },
  {
    id: "shopify",
    name: "Shopify",
    steps: [
      { text: "Open *Online Store*, *Themes*; beside the theme in use press *…*, *Edit code*." },
      { text: "Open *theme.liquid* in the folder *layout*, and paste this on a line before </body>:", snippet: true },
      { text: "Press *Save*. It is on all pages but those of the checkout. After a change of theme, do it again." },
    ],
    snippet: tagOf,
    sites: "your domain, and https://….myshopify.com to try a theme",
  },
  {
    id: "tag-manager",
    name: "Google Tag Manager",
    steps: [
      { text: "Open *Tags*, *New*, *Tag Configuration*, and there *Custom HTML*." },
      {
        text: "Paste this. It is not the usual tag: Tag Manager drops the attribute that says which flow it is.",
        snippet: true,
      },
      { text: "Choose the trigger *All Pages*, and press *Save*." },
      { text: "Try it by *Preview*, then *Submit* and *Publish*." },
    ],
    snippet: scriptOf,
    sites: "each site that the container is on",
  },
];
