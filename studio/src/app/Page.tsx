import type { ReactNode } from "react";
import { AccountMenu } from "./AccountMenu.js";
import classes from "./Page.module.css";
import { FLOWS_PATH } from "./router.js";
import { StudioLink } from "./StudioLink.js";
import { Wordmark } from "./Wordmark.js";

/** A screen that is not the editor: bar and column. */
export function Page({ children }: { children: ReactNode }) {
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <StudioLink to={FLOWS_PATH} underline="never" c="inherit">
          <Wordmark />
        </StudioLink>
        <AccountMenu />
      </header>
      <main className={classes.main}>{children}</main>
    </div>
  );
}
