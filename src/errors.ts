/** What went wrong, for programs; the message says it for people, with the actual numbers. */
export type UnpoolErrorCode =
  | "invalid-spec" // a field of a layer's specification
  | "invalid-option" // an option of a call
  | "invalid-input" // an image, signal or picture
  | "invalid-code" // values or switches
  | "invalid-weights" // a file of filters
  | "invalid-file" // bytes that are no well-formed .unp of a version that is read
  | "not-finite" // NaN or infinity, given or computed
  | "too-large" // more memory than allowed or than the host gives
  | "disposed"
  | "busy" // a call from within a callback of the same layer
  | "unsupported"; // the host cannot run the kernel

/** The only error that this package throws on purpose. */
export class UnpoolError extends Error {
  readonly code: UnpoolErrorCode;

  constructor(code: UnpoolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UnpoolError";
    this.code = code;
  }
}
