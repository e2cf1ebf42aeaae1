// What of an answer goes to the page without a copy.

import type { Answer, Pixels } from "./messages.js";

export function buffersOf(answer: Answer): ArrayBuffer[] {
  switch (answer.kind) {
    case "picture":
      return bytesOf(answer.pixels);
    case "frame":
      return bytesOf(answer.frame.pixels, answer.frame.difference);
    case "code": {
      const { maps, switches, filters, file } = answer.view;
      return [...bytesOf(maps.pixels, switches.pixels, filters?.pixels), file];
    }
    default:
      return [];
  }
}

function bytesOf(...pictures: (Pixels | undefined)[]): ArrayBuffer[] {
  return pictures.flatMap((picture) => (picture ? [picture.data.buffer] : []));
}
