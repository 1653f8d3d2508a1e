import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff, IconMapQuestion } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Notice } from "./Notice.js";
import { FLOWS_PATH } from "./router.js";
import { followLink } from "./StudioLink.js";
import type { Load } from "./use-load.js";

type LoadedProps<Value> = {
  load: Load<Value>;
  retry: () => void;
  /** As large as what comes, so that nothing jumps. */
  loading: ReactNode;
  /** For the sentence "The flows could not be loaded". */
  what: string;
  /** It is all that the screen shows. */
  whole?: boolean;
  children: (value: Value) => ReactNode;
};

/** The states of something that is loaded. */
export function Loaded<Value>({ load, retry, loading, what, whole = false, children }: LoadedProps<Value>) {
  const again = <Button onClick={retry}>Try again</Button>;
  switch (load.state) {
    case "loading":
      return loading;
    case "ready":
      return children(load.value);
    case "offline":
      return (
        <Notice alert whole={whole} icon={IconCloudOff} title="The server cannot be reached" actions={again}>
          Check that it is running and that this device is online. This screen goes on by itself when the network is
          back.
        </Notice>
      );
    case "missing":
      return (
        <Notice
          alert
          whole={whole}
          icon={IconMapQuestion}
          title={`${what} is not there`}
          actions={
            <Button component="a" href={FLOWS_PATH} onClick={(event) => followLink(event, FLOWS_PATH)}>
              Go to the flows
            </Button>
          }
        >
          It may have been renamed or removed.
        </Notice>
      );
    case "error":
      return (
        <Notice alert whole={whole} icon={IconAlertTriangle} title={`${what} could not be loaded`} actions={again}>
          {load.message}
        </Notice>
      );
  }
}
