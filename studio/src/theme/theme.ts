import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** Every colour and size of the studio stands in this file; style sheets use the variables made of it. */

const iris: MantineColorsTuple = [
  "#eff1fe",
  "#dfe3fb",
  "#c0c7f6",
  "#9da8f0",
  "#808dea",
  "#6a78e2",
  "#5865d8",
  "#4a56c4",
  "#3e49a9",
  "#343d8d",
];
/** Slate, dark to the back: 0 is text, 7 the page. */
const dark: MantineColorsTuple = [
  "#e6e8ee",
  "#c6cad5",
  "#a2a8b8",
  "#7d8496",
  "#4a5062",
  "#363c4c",
  "#262b37",
  "#191d26",
  "#13161d",
  "#0d0f14",
];
const gray: MantineColorsTuple = [
  "#f7f8fa",
  "#eff1f4",
  "#e4e7ec",
  "#d6dae1",
  "#c2c8d2",
  "#969fae",
  "#697384",
  "#4b5463",
  "#333b48",
  "#1d232d",
];

/** What went wrong. */
const red: MantineColorsTuple = [
  "#fdf1f2",
  "#fce8ea",
  "#f7ccd0",
  "#f3a3aa",
  "#ff98a1",
  "#e0616d",
  "#c22f3d",
  "#a92633",
  "#8c1f2a",
  "#701821",
];

/** Colours for a flow that go with many pages, to begin with; the first is shown as an example. */
export const FLOW_COLOURS = [
  "#3557b7",
  "#0f766b",
  "#2d7d46",
  "#8a5a12",
  "#c2410c",
  "#c22f3d",
  "#7a4cc2",
  "#1d232d",
] as const;

/** In pixels at 100 %. A card's height follows from these, its kind and its number of answers: nothing is measured. */
export const CARD = {
  width: 260,
  head: 36,
  lineHeight: 20,
  lines: 3,
  /** Above and below the text together. */
  textPadding: 14,
  port: 34,
  /** The dot of a way out, on the edge of the card. */
  dot: 12,
  /** Below the last port. */
  foot: 8,
  pillHeight: 44,
  /** From the edge of a card to the end of its "Ends here". */
  stub: 132,
  flagWidth: 76,
  flagHeight: 32,
  noteWidth: 220,
  noteHeight: 120,
} as const;

/** Between cards, in pixels at 100 %. */
export const GAP = { across: 172, down: 44, group: 28, groupHead: 36 } as const;
export const GRID = 20;
/** Below this zoom a card is its kind and first line. */
export const FAR = 0.4;
export const ZOOM = { min: 0.05, max: 2, step: 1.25 } as const;

/** Widths of the frame, in pixels. Below `narrow` there is one panel at a time, below `medium` the side panels lie over the canvas. */
export const FRAME = {
  narrow: 720,
  medium: 1180,
  roomy: 1600,
  preview: 372,
  bar: 52,
  left: 264,
  right: 336,
  wide: 560,
  bottom: 220,
  tabs: 56,
} as const;

export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 6, dark: 6 },
  colors: { iris, dark, gray, red },
  black: "#1d232d",
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: "12px", sm: "14px", md: "15px", lg: "17px", xl: "21px", far: "24px" },
  lineHeights: { xs: "16px", sm: "20px", md: "22px", lg: "26px", xl: "30px", far: "32px" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "24px", lineHeight: "32px" },
      h2: { fontSize: "18px", lineHeight: "26px" },
      h3: { fontSize: "15px", lineHeight: "22px" },
    },
  },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "20px" },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false, events: { hover: true, focus: true, touch: false } } },
    Badge: { defaultProps: { tt: "none", fw: 600, size: "md", fz: "xs" } },
    InputWrapper: { defaultProps: { labelProps: { mb: 4 } } },
    ThemeIcon: { defaultProps: { radius: "50%" } },
    // What lies over the page has a landmark of its own there (index.html).
    Portal: { defaultProps: { target: "#overlays" } },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false } },
    Modal: {
      // Not in the middle: what comes into it later makes it longer and moves nothing.
      defaultProps: {
        yOffset: "10dvh",
        transitionProps: { duration: 120 },
        closeButtonProps: { "aria-label": "Close" },
      },
      styles: { title: { fontWeight: 600, fontSize: "var(--mantine-font-size-lg)" } },
    },
  },
});

const light = {
  page: gray[0],
  panel: "#ffffff",
  line: gray[2],
  text: gray[9],
  muted: "#5d6676",
  canvas: "#f3f4f7",
  dot: "#d3d7df",
  card: "#ffffff",
  "card-line": gray[3],
  "card-shadow": "0 1px 2px rgb(29 35 45 / 7%), 0 2px 8px rgb(29 35 45 / 4%)",
  "card-shadow-raised": "0 2px 4px rgb(29 35 45 / 8%), 0 8px 24px rgb(29 35 45 / 12%)",
  edge: "#98a1b0",
  "edge-active": iris[6],
  port: "#7e8897",
  focus: iris[6],
  select: iris[6],
  "select-soft": "rgb(88 101 216 / 12%)",
  message: "#2f6fbf",
  "message-soft": "#e5effa",
  question: "#7a4cc2",
  "question-soft": "#f0e8fb",
  ask: "#0f766b",
  "ask-soft": "#ddf3f0",
  start: "#26703d",
  "start-soft": "#e0f3e6",
  path: "#23834a",
  "on-path": "#ffffff",
  other: "#8a5a12",
  "other-soft": "#fbeed8",
  problem: "#c22f3d",
  "problem-soft": "#fce8ea",
  hint: "#8d5c00",
  "hint-soft": "#fdf0d3",
  // Not every camera reads a code that is light on dark.
  code: "#000000",
  "code-paper": "#ffffff",
  note: "#fff6d6",
  "note-line": "#ecd98f",
  "note-text": "#453a12",
  group: "rgb(88 101 216 / 5%)",
  "group-line": "#bcc3d6",
  "map-mask": "rgb(29 35 45 / 8%)",
};
const darkScheme: Record<keyof typeof light, string> = {
  page: dark[7],
  panel: "#1f242f",
  line: "#333949",
  text: dark[0],
  muted: "#a6adbd",
  canvas: "#151920",
  dot: "#2c323f",
  card: "#232936",
  "card-line": "#3a4152",
  "card-shadow": "0 1px 2px rgb(0 0 0 / 40%)",
  "card-shadow-raised": "0 4px 8px rgb(0 0 0 / 40%), 0 12px 28px rgb(0 0 0 / 45%)",
  edge: "#697286",
  "edge-active": iris[4],
  port: "#939cb0",
  focus: iris[3],
  select: iris[4],
  "select-soft": "rgb(128 141 234 / 18%)",
  message: "#85b6ee",
  "message-soft": "#243850",
  question: "#c3a4f5",
  "question-soft": "#382b54",
  ask: "#6fd3c6",
  "ask-soft": "#17403c",
  start: "#83d59b",
  "start-soft": "#1d4029",
  path: "#5fcb86",
  "on-path": "#0c2114",
  other: "#eabb72",
  "other-soft": "#473315",
  problem: "#ff98a1",
  "problem-soft": "#50242a",
  hint: "#f2c566",
  "hint-soft": "#46360f",
  code: "#000000",
  "code-paper": "#ffffff",
  note: "#423a1d",
  "note-line": "#6b5e2e",
  "note-text": "#f3e7bd",
  group: "rgb(128 141 234 / 7%)",
  "group-line": "#475068",
  "map-mask": "rgb(0 0 0 / 35%)",
};

/** The variables of style sheets: `--parley-<name>` for colours, `--parley-<group>-<name>` for sizes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { ...sizes("card", CARD), ...sizes("frame", FRAME) },
  light: {
    ...named(light),
    "--mantine-color-body": light.page,
    "--mantine-color-dimmed": light.muted,
    "--mantine-color-error": light.problem,
  },
  dark: {
    ...named(darkScheme),
    "--mantine-color-body": darkScheme.page,
    "--mantine-color-dimmed": darkScheme.muted,
    "--mantine-color-error": darkScheme.problem,
  },
});

const named = (colours: Record<string, string>) =>
  Object.fromEntries(Object.entries(colours).map(([name, value]) => [`--parley-${name}`, value]));
const sizes = (group: string, values: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `--parley-${group}-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
      name === "lines" ? String(value) : `${value}px`,
    ]),
  );
