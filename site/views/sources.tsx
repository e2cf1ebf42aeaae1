// Where a picture comes from: the scene, a file, the camera. (Dropped and pasted: doors.tsx.)

import { useState } from "preact/hooks";
import { Camera } from "./camera.js";

interface Props {
  onScene(): void;
  /** A picture or a .unp file: `isCode` says which. */
  onFile(blob: Blob, name: string): void;
}

export function Sources({ onScene, onFile }: Props) {
  const [camera, setCamera] = useState(false);

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
    </div>
  );
}
