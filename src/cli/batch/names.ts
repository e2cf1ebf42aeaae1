// Names for the outputs of pictures: those of the pictures, and no two the same.

import { basename, extname } from "node:path";

export function uniqueNames(paths: readonly string[]): string[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const stem = stemOf(path);
    let name = stem;
    for (let i = 2; taken.has(key(name)); ++i) name = `${stem}-${i}`;
    taken.add(key(name));
    return name;
  });
}

/** "a/photo.jpg" -> "photo" */
function stemOf(path: string): string {
  if (path === "-") return "stdin";
  const stem = basename(path, extname(path));
  // "..jpg" must not become the folder itself, nor "...jpg" the one above
  return /^\.*$/.test(stem) ? basename(path) : stem;
}

/** Equal for names that some file system takes for one. */
function key(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
