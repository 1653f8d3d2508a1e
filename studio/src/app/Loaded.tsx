import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Notice } from "./Notice.js";
import type { Load } from "./use-load.js";

type LoadedProps<Value> = {
  load: Load<Value>;
  retry: () => void;
  /** As large as what comes, so that nothing jumps. */
  loading: ReactNode;
  /** For the sentence "The flows could not be loaded". */
  what: string;
  children: (value: Value) => ReactNode;
};

/** The four states of something that is loaded. */
export function Loaded<Value>({ load, retry, loading, what, children }: LoadedProps<Value>) {
  const again = <Button onClick={retry}>Try again</Button>;
  switch (load.state) {
    case "loading":
      return loading;
    case "ready":
      return children(load.value);
    case "offline":
      return (
        <Notice alert icon={IconCloudOff} title="The server cannot be reached" actions={again}>
          Check that it is running and that this device is online. This screen goes on by itself when the network is
          back.
        </Notice>
      );
    case "error":
      return (
        <Notice alert icon={IconAlertTriangle} title={`${what} could not be loaded`} actions={again}>
          {load.message}
        </Notice>
      );
  }
}
