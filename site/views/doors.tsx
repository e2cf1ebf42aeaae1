// What is dropped or pasted, anywhere on the page.

import { useEffect, useRef, useState } from "preact/hooks";
import { openDoors } from "../pictures/doors.js";

export function Doors({ onFile }: { onFile(blob: Blob, name: string): void }) {
  const [dragging, onDragging] = useState(false);
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const end = new AbortController();
    openDoors({ onFile: (blob, name) => latest.current(blob, name), onDragging }, end.signal);
    return () => end.abort();
  }, []);
  return dragging ? <p class="sources-drop">Drop a picture or a .unp file</p> : null;
}
