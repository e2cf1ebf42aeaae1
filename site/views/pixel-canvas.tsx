// Pixels on a canvas of their size.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Pixels, Size } from "../engine/messages.js";

/** From this scale on a picture is shown pixel by pixel, not as a browser smooths it. */
const ENLARGED = 2;

/** Clear. */
const NOTHING: Pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) };

interface Props {
  pixels: Pixels | undefined;
  /** What is to be seen, for those who do not see it; without it the canvas is decoration. */
  label?: string;
  class?: string;
}

/** For the style sheet, which keeps tall pictures within the window. */
export function shapeOf(size: Size | undefined) {
  return { "--shape": size ? size.width / size.height : 1 };
}

export function PixelCanvas({ pixels, label, class: name }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const shown = new ResizeObserver(([entry]) => entry && sharpen(entry.target as HTMLCanvasElement));
    if (canvas.current) shown.observe(canvas.current);
    return () => shown.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (!canvas.current) return;
    const { width, height, data } = pixels ?? NOTHING;
    // to set a size clears and reallocates
    if (canvas.current.width !== width) canvas.current.width = width;
    if (canvas.current.height !== height) canvas.current.height = height;
    canvas.current.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
    sharpen(canvas.current);
  }, [pixels]);
  const accessible = label
    ? ({ role: "img", "aria-label": label } as const)
    : ({ "aria-hidden": true } as const);
  return <canvas ref={canvas} class={name} style={shapeOf(pixels)} {...accessible} />;
}

function sharpen(canvas: HTMLCanvasElement): void {
  canvas.style.imageRendering = canvas.clientWidth >= ENLARGED * canvas.width ? "pixelated" : "";
}
