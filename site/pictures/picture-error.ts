/** What is no picture, or not one that can be worked on; its message is a sentence to be shown. */
export class PictureError extends Error {
  override readonly name = "PictureError";
}
