// Dropping and pasting, anywhere on the page.

export interface Doors {
  /** A picture or a code; which, its bytes say. */
  onFile(blob: Blob, name: string): void;
  /** Whether a file is being dragged over the page. */
  onDragging(dragging: boolean): void;
}

/**
 * Every move from one element to another sends a dragleave with a dragover right behind it; this long without one, in
 * milliseconds, and the file has left the page.
 */
const LEFT_AFTER = 100;

/** Listens on the window until the signal. */
export function openDoors({ onFile, onDragging }: Doors, signal: AbortSignal): void {
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const drag = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    clearTimeout(leaving);
    onDragging(true);
  };
  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => onDragging(false), LEFT_AFTER);
  };
  const take = (event: Event, files: FileList | undefined) => {
    const file = files?.[0];
    if (!file) return;
    event.preventDefault();
    onFile(file, file.name);
  };
  const drop = (event: DragEvent) => {
    clearTimeout(leaving);
    onDragging(false);
    take(event, event.dataTransfer?.files);
  };
  addEventListener("dragenter", drag, { signal });
  addEventListener("dragover", drag, { signal });
  addEventListener("dragleave", leave, { signal });
  addEventListener("drop", drop, { signal });
  const paste = (event: ClipboardEvent) => {
    // cells of a sheet are text and a picture at once: what is typed into takes the text
    if (!(event.target as Element).closest?.("input, textarea")) take(event, event.clipboardData?.files);
  };
  addEventListener("paste", paste, { signal });
  signal.addEventListener("abort", () => clearTimeout(leaving));
}
