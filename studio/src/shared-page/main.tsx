import "@mantine/core/styles.css";
import "../theme/global.css";
import { MantineProvider } from "@mantine/core";
import { createRoot } from "react-dom/client";
import { Boundary } from "../app/Boundary.js";
import { readNonce } from "../app/nonce.js";
import { cssVariables, theme } from "../theme/theme.js";
import { SharedPage } from "./SharedPage.js";

/** The page of a draft link: an entry of its own, for somebody who has never seen the studio. */
const root = document.getElementById("app");
const nonce = readNonce(document);
if (root)
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Boundary path="">
        <SharedPage />
      </Boundary>
    </MantineProvider>,
  );
