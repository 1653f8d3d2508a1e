import { type ReactNode, useEffect, useRef } from "react";
import { AccountMenu } from "./AccountMenu.js";
import { wasPressed } from "./first-press.js";
import classes from "./Page.module.css";
import { conversationsPath, FLOWS_PATH, INBOX_PATH, usePath } from "./router.js";
import { StudioLink } from "./StudioLink.js";
import { mayAnswer, mayReadConversations, useSession } from "./session.js";
import { Wordmark } from "./Wordmark.js";

type PageProps = {
  children: ReactNode;
  /** As wide as the window: for tables and drawings. */
  wide?: boolean;
  /** It fills the window and scrolls within itself. */
  filled?: boolean;
};

/** A screen that is not the editor: bar and column. */
export function Page({ children, wide = false, filled = false }: PageProps) {
  const main = useRef<HTMLElement>(null);
  // What had the keyboard on the screen before has gone with it.
  useEffect(() => {
    if (wasPressed() && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <div className={classes.left}>
          <StudioLink to={FLOWS_PATH} underline="never" c="inherit" aria-label="Parley">
            <Wordmark />
          </StudioLink>
          <PlaceLinks />
        </div>
        <AccountMenu />
      </header>
      <main
        ref={main}
        tabIndex={-1}
        className={classes.main}
        data-wide={wide || undefined}
        data-filled={filled || undefined}
      >
        {children}
      </main>
    </div>
  );
}

/** Where one can go from every screen. */
function PlaceLinks() {
  const { me } = useSession();
  const path = usePath();
  if (!mayReadConversations(me)) return null;
  const places = [
    { to: FLOWS_PATH, label: "Flows", here: path.replace(/\/$/, "") === FLOWS_PATH.replace(/\/$/, "") },
    { to: conversationsPath(), label: "Conversations", here: path === conversationsPath() },
    ...(mayAnswer(me) ? [{ to: INBOX_PATH, label: "Inbox", here: path === INBOX_PATH }] : []),
  ];
  return (
    <nav aria-label="Studio" className={classes.places}>
      {places.map(({ to, label, here }) => (
        <StudioLink
          key={to}
          to={to}
          className={classes.place ?? ""}
          size="sm"
          fw={600}
          c="inherit"
          underline="never"
          current={here}
        >
          {label}
        </StudioLink>
      ))}
    </nav>
  );
}
