// The picture that is shown, as PNG, and the code, as .unp.

import type { Pixels } from "../engine/messages.js";

interface Props {
  /** Of the files, without an ending. */
  name: string;
  pixels: Pixels | undefined;
  file: ArrayBuffer | undefined;
}

export function Downloads({ name, pixels, file }: Props) {
  const stem = name.replace(/\.[^.]*$/, "");
  return (
    <div class="choices">
      <button
        type="button"
        disabled={!pixels}
        onClick={async () => pixels && save(await pngOf(pixels), `${stem}.png`)}
      >
        Download picture
      </button>
      <button type="button" disabled={!file} onClick={() => file && save(new Blob([file]), `${stem}.unp`)}>
        Download code
      </button>
    </div>
  );
}

function pngOf({ width, height, data }: Pixels): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error("the picture could not be written as PNG")),
    );
  });
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // the download has the blob by then
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
