import { useRef, useState } from "preact/hooks";
import type { DataObject } from "../../sdk/model/data-object";
import { DeclaredDriftTable } from "../parts/declared-drift";
import { useConnection, useDeclaredDrift } from "../queries";
import { pulumiText } from "./pulumi-text";

/** The lines that would declare the object's present settings. */
export function PulumiLines({ object }: { readonly object: DataObject }) {
  const connection = useConnection(object.objectPath[0] ?? "", object.objectPath.length === 1).data;
  const text = pulumiText(object, connection);
  const drift = useDeclaredDrift(object.objectPath).data?.hits ?? [];
  const lines = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState("");

  const copy = async () => {
    // Browsers have a clipboard only on safe origins: https, and this machine.
    if (window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      setSaid("Copied.");
      return;
    }
    if (lines.current) window.getSelection()?.selectAllChildren(lines.current);
    setSaid("Selected: press Ctrl+C (on a Mac, Command+C) to copy.");
  };

  return (
    <div class="lines">
      {drift.length > 0 && (
        <>
          <h2>Changed since Pulumi declared it</h2>
          <DeclaredDriftTable drift={drift} />
          <h2>As it is now</h2>
        </>
      )}
      <pre ref={lines} tabIndex={0} aria-label="Pulumi program">
        {text}
      </pre>
      <p>
        <button type="button" onClick={() => void copy().catch(() => setSaid("The browser refused; select the lines and copy them."))}>
          Copy
        </button>{" "}
        <span role="status">{said}</span>
      </p>
    </div>
  );
}
