// The camera's picture, live, until one is taken. The camera is on no longer than the dialog is there.

import { useEffect, useRef, useState } from "preact/hooks";
import { startCamera, stopCamera, takePicture } from "../pictures/camera.js";

interface Props {
  onPicture(picture: Blob, name: string): void;
  onClose(): void;
}

export function Camera({ onPicture, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<"starting" | "live" | { problem: string }>("starting");

  useEffect(() => {
    dialog.current!.showModal();
    let stream: MediaStream | undefined;
    let gone = false;
    startCamera().then(
      (started) => {
        if (gone) return stopCamera(started);
        stream = started;
        video.current!.srcObject = stream;
      },
      (error: Error) => gone || setState({ problem: error.message }),
    );
    return () => {
      gone = true;
      if (stream) stopCamera(stream);
    };
  }, []);

  const take = async () => {
    const picture = await takePicture(video.current!);
    // closed meanwhile: nobody wants it any more
    if (!dialog.current?.open) return;
    onPicture(picture, "camera.png");
    // it gives the focus back, as its removal would not
    dialog.current.close();
  };
  return (
    <dialog ref={dialog} class="camera" aria-labelledby="camera-title" onClose={onClose}>
      <h2 id="camera-title">Camera</h2>
      {typeof state === "object" ? (
        <p role="alert">{state.problem}</p>
      ) : (
        <video
          ref={video}
          aria-label="What the camera sees"
          autoPlay
          playsInline
          muted
          onLoadedData={() => setState("live")}
        />
      )}
      <p class="camera-buttons">
        <button type="button" disabled={state !== "live"} onClick={take}>
          Take picture
        </button>
        <button type="button" onClick={() => dialog.current!.close()}>
          Cancel
        </button>
      </p>
    </dialog>
  );
}
