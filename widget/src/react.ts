import { type CSSProperties, createElement, type ReactElement, useEffect, useRef } from "react";
import { mount } from "./index.js";
import type { Events, Handle, Options } from "./options.js";

/** Each event by a property of its own. */
type Listeners = { readonly [Type in keyof Events as `on${Capitalize<Type>}`]?: (detail: Events[Type]) => void };
export type ParleyChatProps = Omit<Options, "target"> &
  Listeners & {
    /** Of the element that holds the widget in the mode `inline`. */
    readonly className?: string | undefined;
    readonly style?: CSSProperties | undefined;
    /** Called with the widget's methods, and with nothing when it goes. */
    readonly handle?: ((handle: Handle | undefined) => void) | undefined;
  };

const TYPES = ["ready", "open", "close", "message", "answer", "end", "error"] as const;

/**
 * A widget as long as this component is there. Another flow, server, mode or `id` makes another widget; of the other
 * options the ones of the first rendering count.
 */
export function ParleyChat(props: ParleyChatProps): ReactElement | null {
  const { flow, server, mode, id, className, style } = props;
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const { className: _c, style: _s, handle: told, ...options } = latest.current;
    const widget = mount({ ...options, ...(place.current && { target: place.current }) });
    for (const type of TYPES) {
      const name = `on${type.charAt(0).toUpperCase()}${type.slice(1)}` as keyof Listeners;
      widget.on(type, (detail) => (latest.current[name] as ((detail: unknown) => void) | undefined)?.(detail));
    }
    told?.(widget);
    return () => {
      told?.(undefined);
      widget.destroy();
    };
  }, [flow, server, mode, id]);
  return mode === "inline" ? createElement("div", { ref: place, className, style }) : null;
}
