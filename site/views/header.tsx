// What this is, and its two views.

import type { ViewName } from "../state/address.js";

interface Props {
  current: ViewName;
  onShow: (name: ViewName) => void;
}

const VIEWS: Readonly<Record<ViewName, string>> = { invert: "Invert", rip: "Model-RIP" };

export function Header({ current, onShow }: Props) {
  return (
    <header class="header">
      <h1>unpool</h1>
      <p>A convolutional layer, and its inverse: what max-pooling throws away, its switches keep.</p>
      <nav aria-label="Views">
        {(Object.keys(VIEWS) as ViewName[]).map((name) => (
          <a
            key={name}
            href={name === "invert" ? "#" : `#view=${name}`}
            aria-current={name === current ? "page" : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              if (name !== current) onShow(name);
            }}
          >
            {VIEWS[name]}
          </a>
        ))}
      </nav>
    </header>
  );
}
