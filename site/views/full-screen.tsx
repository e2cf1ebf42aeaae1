// A part of the page over the whole screen, and back, by its button or by the browser's own key.

import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

interface Props {
  part: RefObject<HTMLElement | null>;
  /** What is made so large. */
  name: string;
  /** Whether there is something to see; what is large can be made small again in any case. */
  offered: boolean;
}

/** Nothing where the browser has none, as on some phones. */
export function FullScreen({ part, name, offered }: Props) {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement === part.current);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, [part]);
  if (!document.fullscreenEnabled || !(offered || full)) return null;

  const turn = () => {
    const turned = full ? document.exitFullscreen() : part.current?.requestFullscreen();
    // refused, as of pages in a frame: everything stays as it is
    turned?.catch(() => {});
  };
  return (
    <button
      type="button"
      class="full-screen"
      aria-label={`Full screen: ${name}`}
      title={full ? "Back to the page" : "Full screen"}
      aria-pressed={full}
      onClick={turn}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path
          d={full ? "M6 2v4H2M10 2v4h4M6 14v-4H2M10 14v-4h4" : "M2 6V2h4M14 6V2h-4M2 10v4h4M14 10v4h-4"}
        />
      </svg>
    </button>
  );
}

/** Messages stand elsewhere on the page: where there is one, the page comes back. */
export function useFullScreenUntil(message: string) {
  useEffect(() => {
    if (message && document.fullscreenElement) document.exitFullscreen().catch(() => {});
  }, [message]);
}
