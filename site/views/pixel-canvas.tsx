// Pixels on a canvas of their size.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Pixels } from "../engine/messages.js";

interface Props {
  pixels: Pixels | undefined;
  /** What is to be seen, for those who do not see it; without it the canvas is decoration. */
  label?: string;
  class?: string;
}

export function PixelCanvas({ pixels, label, class: name }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (!pixels || !canvas.current) return;
    const { width, height, data } = pixels;
    // to set a size clears and reallocates
    if (canvas.current.width !== width) canvas.current.width = width;
    if (canvas.current.height !== height) canvas.current.height = height;
    canvas.current.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  }, [pixels]);
  const accessible = label
    ? ({ role: "img", "aria-label": label } as const)
    : ({ "aria-hidden": true } as const);
  return <canvas ref={canvas} class={name} {...accessible} />;
}
