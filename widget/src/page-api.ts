import type { Handle, Options } from "./options.js";

/** A method by its name, with the widget's before it if there are several, and what it is given: `["shop.open"]`. */
export type Command = readonly [method: string, ...given: unknown[]];
/** What is at `window.Parley`: the methods of the first widget, once there is one, and of each by its name. */
export type PageApi = Partial<Handle> & {
  readonly mount: (options: Partial<Options>) => Handle;
  /** Without a name: the first. */
  readonly get: (id?: string) => Handle | undefined;
  /** Runs commands; what is for a widget that is not there yet waits for it. */
  readonly push: (...commands: Command[]) => void;
};

declare global {
  interface Window {
    /** Before the loader has run: the commands that wait for it. */
    Parley?: PageApi | Command[];
  }
}

type Method = (...given: unknown[]) => unknown;

/**
 * The page's one `window.Parley`: the one that another tag has made, or a new one that takes over the commands so far.
 * @param start puts a widget on the page, under a name that is free
 */
export function pageApi(start: (id: string, options: Partial<Options>) => Handle): PageApi {
  const before = window.Parley;
  if (before && !Array.isArray(before)) return before;
  const widgets = new Map<string, Handle>();
  let waiting: Command[] = [];
  const get = (id?: string) => (id ? widgets.get(id) : [...widgets.values()][0]);
  const run = (command: Command) => {
    const [path, ...given] = command;
    const [name = "", id] = path.split(".").reverse();
    const widget = name === "mount" ? api : get(id);
    if (widget) (widget as unknown as Record<string, Method>)[name]?.(...given);
    else waiting.push(command);
  };
  const mount = (options: Partial<Options>) => {
    const wanted = options.id ?? options.flow ?? "";
    let id = wanted;
    for (let n = 2; widgets.has(id); n++) id = `${wanted}-${n}`;
    const started = start(id, options);
    const destroy = () => {
      widgets.delete(id);
      started.destroy();
      Object.assign(api, get());
    };
    const widget = { ...started, destroy };
    widgets.set(id, widget);
    Object.assign(api, get());
    const held = waiting;
    waiting = [];
    held.forEach(run);
    return widget;
  };
  const api: PageApi = { get, mount, push: (...commands) => commands.forEach(run) };
  window.Parley = api;
  before?.forEach(run);
  return api;
}
