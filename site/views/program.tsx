// The view as a program, to read and to copy.

import { useState } from "preact/hooks";

export function Program({ text }: { text: string | undefined }) {
  const [copied, setCopied] = useState<string>();
  if (!text)
    return <p class="program caption">Random magnitudes are this page’s own: there is no program of them.</p>;
  return (
    <details class="program">
      <summary>The same as a program</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a phone, it scrolls, and the keyboard has to reach it */}
      <pre tabIndex={0}>{text}</pre>
      <button type="button" onClick={async () => setCopied(await copy(text))}>
        Copy
      </button>
      <span role="status" class="caption">
        {copied}
      </span>
    </details>
  );
}

async function copy(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    return "This browser did not allow it: select the text instead.";
  }
}
