// The camera, and a picture of what it sees.

import { PictureError } from "./picture-error.js";

/** What getUserMedia says, and what that means. */
const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError: "The camera may not be used: permission was refused.",
  NotFoundError: "There is no camera.",
  NotReadableError: "The camera cannot be used: something else may have it.",
};

/**
 * Whoever takes it stops it.
 * @throws PictureError
 */
export async function startCamera(): Promise<MediaStream> {
  if (!navigator.mediaDevices) {
    throw new PictureError(
      "The camera is there for pages over https or on localhost only, and this is neither.",
    );
  }
  const wanted = { video: { width: { ideal: 1280 }, facingMode: { ideal: "environment" } } };
  return navigator.mediaDevices.getUserMedia(wanted).catch((error: Error) => {
    throw new PictureError(
      REASONS[error.name] ?? `The camera cannot be used: ${error.message || error.name}.`,
    );
  });
}

export function stopCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** What a video shows now, as a PNG. */
export function takePicture(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext("2d")!.drawImage(video, 0, 0);
  return canvas.convertToBlob();
}
