import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@xyflow/react/dist/base.css";
import "./theme/global.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.js";
import { watchFirstPress } from "./app/first-press.js";
import { readNonce } from "./app/nonce.js";

watchFirstPress();
const root = document.getElementById("app");
if (root) createRoot(root).render(<App nonce={readNonce(document)} />);
