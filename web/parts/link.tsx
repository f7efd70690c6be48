import type { ComponentChildren, JSX } from "preact";
import { go } from "../routing";

type Props = { readonly to: string; readonly children: ComponentChildren } & Omit<JSX.AnchorHTMLAttributes, "href" | "onClick">;

/** A link within the page: opened elsewhere like any other, followed here without loading anew. */
export function Link({ to, children, ...rest }: Props) {
  return (
    <a
      {...rest}
      href={to}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
