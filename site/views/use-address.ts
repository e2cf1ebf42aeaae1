// The view, and the address that holds it.

import { useCallback, useEffect, useState } from "preact/hooks";
import { type Address, addressOf, readAddress, type View } from "../state/address.js";

/** Browsers refuse an address that changes a hundred times in some seconds, as it would while a slider is drawn. */
const SETTLE_MILLISECONDS = 250;

/** "new": one can go back to what was before. "same": the address follows when all has settled. */
export type Step = "new" | "same";

export function useAddress(): Address & { go: (view: View, step: Step) => void } {
  const [address, setAddress] = useState(() => readAddress(location.hash));
  const { view } = address;

  useEffect(() => {
    const read = () => setAddress(readAddress(location.hash));
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => write(view, "same"), SETTLE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [view]);

  const go = useCallback(
    (next: View, step: Step) => {
      if (step === "new") {
        write(view, "same");
        write(next, "new");
      }
      setAddress({ view: next, notices: [] });
    },
    [view],
  );
  return { ...address, go };
}

function write(view: View, step: Step): void {
  const hash = addressOf(view);
  if (hash === location.hash) return;
  const address = location.pathname + location.search + hash;
  if (step === "new") history.pushState(undefined, "", address);
  else history.replaceState(undefined, "", address);
}
