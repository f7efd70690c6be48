import { useEffect, useState } from "preact/hooks";
import { onReachable } from "./api";
import { queryClient } from "./queries";

const RETRY_MILLISECONDS = 1_000;

/** Says that the server is away, looks until it is back, and then asks everything again. */
export function ReachableBanner() {
  const [isReachable, setReachable] = useState(true);
  useEffect(() => onReachable(setReachable), []);
  useEffect(() => {
    if (isReachable) return undefined;
    const timer = window.setInterval(() => {
      // While it is away each look fails; that is what the banner says already.
      fetch("/health").then(
        (response) => {
          if (!response.ok) return;
          setReachable(true);
          void queryClient.invalidateQueries();
        },
        () => undefined,
      );
    }, RETRY_MILLISECONDS);
    return () => window.clearInterval(timer);
  }, [isReachable]);
  if (isReachable) return null;
  return (
    <div class="notice warn banner" role="alert">
      The server does not answer. Trying again; what is shown may be out of date.
    </div>
  );
}
