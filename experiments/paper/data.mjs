// Where data lies: in folders beside the project, or where the user says. None of it is part of this repository.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { INSIDE } from "./cifar10.mjs";

/** Kinds of data: the folder's name, what is in it, how such a file ends, and where in the folder files may be, too. */
export const DATA = {
  images: { what: "photographs, PNG", ending: ".png" },
  filters: { what: "learned filters, safetensors", ending: ".safetensors" },
  cifar10: { what: "CIFAR-10 in its binary layout", ending: ".bin", inside: INSIDE },
  large: { what: "large photographs, PNG and JPEG", ending: ".png" },
};

/**
 * The folder of a kind of data.
 * @param {string} kind
 * @param {{ data?: string, cifar10?: string }} [named] what the user named instead
 */
export function folderOf(kind, { data = process.env.UNPOOL_DATA || "../shared/data", cifar10 } = {}) {
  return kind === "cifar10" && cifar10 !== undefined ? cifar10 : join(data, kind);
}

/**
 * What of a kind of data is not there, as the end of a sentence; undefined where files of it are found.
 * @param {string} kind
 * @param {{ data?: string, cifar10?: string }} [named]
 */
export function missing(kind, named) {
  const folder = folderOf(kind, named);
  const { what, ending, inside = "" } = DATA[kind];
  if ([folder, join(folder, inside)].some((place) => holds(place, ending))) return undefined;
  const other =
    kind === "cifar10" ? "--cifar10 DIR" : `--data DIR or UNPOOL_DATA (a folder with ${kind}/ in it)`;
  return `${what} (*${ending}), and none are in ${folder}; name another folder by ${other}`;
}

function holds(folder, ending) {
  try {
    return readdirSync(folder).some((name) => name.endsWith(ending));
  } catch {
    return false; // whatever the reason, there is nothing to read
  }
}
