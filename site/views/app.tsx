// The page.

import { Header } from "./header.js";
import { InvertView } from "./invert-view.js";
import { RipView } from "./rip-view.js";
import { type Playground, usePlayground } from "./use-playground.js";

/** Of the kernel; the build knows. */
declare const WASM_BYTES: number;

export function App() {
  const playground = usePlayground();
  const { view, session, notices, problem, show, setRip } = playground;
  return (
    <>
      <Header current={view.name} onShow={show} />
      <main data-state={stateOf(session)}>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div role="status">
          {notices.map((notice) => (
            <p key={notice} class="notice">
              {notice}
            </p>
          ))}
        </div>
        {view.name === "rip" ? (
          <RipView knobs={view.rip} session={session} onChange={setRip} />
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

function stateOf({ running, cancelled, failure, summary, worst }: Playground["session"]) {
  if (running) return "running";
  if (cancelled) return "cancelled";
  if (failure) return "failed";
  return summary || worst ? "done" : "idle";
}
