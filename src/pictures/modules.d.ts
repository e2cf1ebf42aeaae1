// The part of exifr that reads orientations alone has no types of its own.
declare module "exifr/dist/mini.esm.mjs" {
  export { orientation } from "exifr";
}
