import { useEffect, useRef, useState } from "preact/hooks";
import { currentAddress, go, type Address } from "../routing";
import { searchAddress } from "./search";

const PAUSE_MILLISECONDS = 150;

/** Searches as one types: the first letter leads to the search, the next ones change its address. */
export function SearchBox({ address }: { readonly address: Address }) {
  const shown = address.view === "search" ? (address.parameters.get("text") ?? "") : "";
  const [text, setText] = useState(shown);
  const timer = useRef<number>();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (timer.current === undefined) setText(shown);
  }, [shown]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest("input, select, textarea") !== null;
      if (event.key !== "/" || isTyping) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.clearTimeout(timer.current);
    };
  }, []);

  const search = (next: string) => {
    timer.current = undefined;
    const { view, parameters } = currentAddress();
    const isSearch = view === "search";
    go(searchAddress(isSearch ? parameters : new URLSearchParams(), { text: next }), { replace: isSearch });
  };
  return (
    <input
      ref={input}
      class="search-box"
      type="search"
      aria-label="Search all objects (press / to come here)"
      placeholder="Search all objects   /"
      value={text}
      autocomplete="off"
      spellcheck={false}
      onInput={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        window.clearTimeout(timer.current);
        timer.current = window.setTimeout(() => search(next), PAUSE_MILLISECONDS);
      }}
    />
  );
}
