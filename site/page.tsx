import { render } from "preact";
import { keepForOffline } from "./offline/register.js";
import "./styles/page.css";
import { App } from "./views/app.js";

render(<App />, document.querySelector("#page")!);
keepForOffline();
