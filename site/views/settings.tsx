// What can be set: beside the stage where there is room, folded up above it where there is none.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** As in styles/layout.css. */
const BESIDE = "(min-width: 62rem)";

export function Settings({ children }: { children: ComponentChildren }) {
  const beside = useMedia(BESIDE);
  return beside ? (
    <div class="settings">{children}</div>
  ) : (
    <details class="settings">
      <summary>Settings</summary>
      {children}
    </details>
  );
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const look = () => setMatches(media.matches);
    look();
    media.addEventListener("change", look);
    return () => media.removeEventListener("change", look);
  }, [query]);
  return matches;
}
