import { render } from "preact";
import "./styles/page.css";
import { App } from "./views/app.js";

render(<App />, document.querySelector("#page")!);
