declare module "*.css" {
  const text: string;
  export default text;
}

declare module "exifr/dist/mini.esm.mjs" {
  export { orientation } from "exifr";
}
