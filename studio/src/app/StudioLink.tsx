import { Anchor, type AnchorProps } from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";
import { navigate } from "./router.js";

type StudioLinkProps = AnchorProps & {
  to: string;
  children: ReactNode;
  title?: string;
  /** It leads to where one is. */
  current?: boolean;
};

/** A link within the studio: no page load, and still a link to copy or to open in another tab. */
export function StudioLink({ to, current = false, children, ...rest }: StudioLinkProps) {
  return (
    <Anchor {...rest} href={to} aria-current={current ? "page" : undefined} onClick={(event) => followLink(event, to)}>
      {children}
    </Anchor>
  );
}

/** For a click on a link of our own: goes there without a load, unless another tab or a download was meant. */
export function followLink(event: MouseEvent, to: string): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(to);
}
