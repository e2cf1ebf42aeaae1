// The page.

import { useEffect } from "preact/hooks";
import { Doors } from "./doors.js";
import { useFullScreenUntil } from "./full-screen.js";
import { Header } from "./header.js";
import { InvertView } from "./invert-view.js";
import { scientific } from "./numbers.js";
import { RipView } from "./rip-view.js";
import { type Playground, usePlayground } from "./use-playground.js";

/** Of the kernel; the build knows. */
declare const WASM_BYTES: number;

export function App() {
  const playground = usePlayground();
  const { view, session, notices, problem, show, setRip, openFile } = playground;
  useEffect(() => {
    document.title = view.name === "rip" ? "unpool: the model-RIP" : "unpool: see a network being inverted";
  }, [view.name]);
  useFullScreenUntil([problem ?? "", ...notices].join(""));
  return (
    <>
      <Header current={view.name} onShow={show} />
      <Doors onFile={openFile} />
      <main data-state={stateOf(session)}>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div role="status">
          <Notices notices={notices} />
        </div>
        <p class="unseen" aria-live="polite">
          {outcomeOf(session)}
        </p>
        {view.name === "rip" ? (
          <RipView knobs={view.rip} run={playground} onChange={setRip} />
        ) : (
          <InvertView playground={playground} />
        )}
      </main>
      <footer class="footer">
        <p>
          Everything here is computed in this page, by {(WASM_BYTES / 1000).toFixed(0)} KB of WebAssembly; no
          picture leaves it. After Gilbert, Zhang, Lee, Zhang, Lee,{" "}
          <cite>Towards Understanding the Invertibility of Convolutional Neural Networks</cite>, 2017.
        </p>
      </footer>
    </>
  );
}

function Notices({ notices }: { notices: readonly string[] }) {
  if (notices.length === 0) return null;
  return (
    <div class="notice">
      <ul>
        {notices.map((notice) => (
          <li key={notice}>{notice}</li>
        ))}
      </ul>
    </div>
  );
}

/** How the run ended, for those who do not see it. */
function outcomeOf({ cancelled, summary, worst }: Playground["session"]): string {
  if (cancelled) return "Cancelled.";
  if (worst) return "The worst codes are found.";
  if (!summary) return "";
  const { iterations, error } = summary;
  return `Done: ${iterations} steps${error === undefined ? "" : `, relative error ${scientific(error)}`}.`;
}

function stateOf({ running, cancelled, failure, summary, worst }: Playground["session"]) {
  if (running) return "running";
  if (cancelled) return "cancelled";
  if (failure) return "failed";
  return summary || worst ? "done" : "idle";
}
