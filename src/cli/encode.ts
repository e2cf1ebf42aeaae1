// unpool encode: a picture's code, in a file.

import type { Host, Task, Work } from "./batch/task.js";
import { npz } from "./codes/npz.js";
import { describe, type Encoding } from "./encoding.js";
import { giveBack, layerOf } from "./layers.js";
import { layerSpec } from "./options.js";
import { checkFolder } from "./output.js";
import { openPicture } from "./pictures/open.js";
import { timed } from "./timed.js";

export const encode: Work<Encoding> = { steps: () => 3, perform };

async function perform(task: Task, { steps, write }: Host): Promise<Encoding> {
  const { path, title, name, folder, options } = task;
  const format = npz;
  steps.stage("reading");
  const image = await openPicture(path, title, options.crop);
  const layer = await layerOf(layerSpec(image, options));
  const file = `${name}${format.extension}`;
  checkFolder(folder, [file]);

  steps.stage("encoding");
  const [code, encodeMilliseconds] = timed(() => layer.encode(image.planes));
  const description = describe(layer, options);
  const bytes = format.serialise(code, layer, options);
  giveBack(layer);

  steps.stage("writing");
  const files = await write(folder, [{ name: file, bytes }]);
  return { ...description, encodeMilliseconds, files };
}
