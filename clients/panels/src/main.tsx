import { render } from "preact";
import { App } from "./app.tsx";
import { browserHost } from "./host/browser.ts";
import { vscodeHost } from "./host/vscode.ts";
import "./styles/theme.css";
import "./styles/parts.css";
import "./styles/panels.css";
import "./styles/graph.css";
import "./styles/forced.css";

let say: (message: string) => void = () => undefined;
const host = vscodeHost() ?? browserHost((message) => say(message));
const place = document.getElementById("panels");
if (place) {
  render(
    <App
      host={host}
      sayBy={(by) => {
        say = by;
      }}
    />,
    place,
  );
}
