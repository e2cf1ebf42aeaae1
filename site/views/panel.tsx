// A part of the stage, with its title.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { FullScreen } from "./full-screen.js";

interface Props {
  id: string;
  title: string;
  /** Its place in the order in which things go: picture, code, picture. */
  number?: number;
  /** Whether it is of the run before, still. */
  stale?: boolean;
  /** Whether there is something to see closer. */
  picture?: boolean;
  children: ComponentChildren;
}

export function Panel({ id, title, number, stale = false, picture = false, children }: Props) {
  const panel = useRef<HTMLElement>(null);
  return (
    <section ref={panel} class="panel" aria-labelledby={`title-${id}`} data-stale={stale}>
      <div class="panel-head">
        <h2 id={`title-${id}`}>
          {number && <b>{number}</b>} {title}
        </h2>
        <FullScreen part={panel} name={title} offered={picture} />
      </div>
      {children}
    </section>
  );
}
