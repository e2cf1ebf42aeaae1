// Where a picture comes from: the scene, a file, the camera; or dropped or pasted, anywhere on the page.

import { useEffect, useRef, useState } from "preact/hooks";
import { openDoors } from "../pictures/doors.js";
import { Camera } from "./camera.js";

interface Props {
  onScene(): void;
  /** A picture or a .unp file: `isCode` says which. */
  onFile(blob: Blob, name: string): void;
}

export function Sources({ onScene, onFile }: Props) {
  const [dragging, onDragging] = useState(false);
  const [camera, setCamera] = useState(false);
  const latest = useRef(onFile);
  latest.current = onFile;

  useEffect(() => {
    const end = new AbortController();
    openDoors({ onFile: (blob, name) => latest.current(blob, name), onDragging }, end.signal);
    return () => end.abort();
  }, []);

  return (
    <div class="sources">
      <button type="button" onClick={onScene}>
        Scene
      </button>
      <label class="sources-file">
        Open file…
        <input
          type="file"
          accept="image/*,.unp"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            // so that the same file, chosen again, is a change again
            currentTarget.value = "";
            if (file) onFile(file, file.name);
          }}
        />
      </label>
      <button type="button" onClick={() => setCamera(true)}>
        Camera…
      </button>
      <span class="sources-hint">or drop or paste one</span>
      {camera && <Camera onPicture={onFile} onClose={() => setCamera(false)} />}
      {dragging && <p class="sources-drop">Drop a picture or a .unp file</p>}
    </div>
  );
}
