import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Component, type ReactNode } from "react";
import { Notice } from "./Notice.js";

/** What is shown when a screen cannot be drawn because of a mistake of ours: never an empty page. */
export class Boundary extends Component<{ path: string; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidUpdate({ path }: { path: string }) {
    if (this.state.broken && path !== this.props.path) this.setState({ broken: false });
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main>
        <Notice
          alert
          whole
          icon={IconAlertTriangle}
          title="Something went wrong here"
          actions={<Button onClick={() => window.location.reload()}>Load the page again</Button>}
        >
          This is a mistake in Parley, not in your flow. What you wrote is kept.
        </Notice>
      </main>
    );
  }
}
