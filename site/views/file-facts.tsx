// What the opened file says of itself, in place of what could be set.

import type { Fact } from "../engine/messages.js";

export function FileFacts({ facts = [] }: { facts: readonly Fact[] | undefined }) {
  return (
    <dl class="file-facts" aria-label="What the file says of itself">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
