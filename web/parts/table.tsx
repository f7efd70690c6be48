import type { ComponentChildren } from "preact";

interface Props {
  readonly label: string;
  readonly titles: readonly string[];
  /** The rows. */
  readonly children: ComponentChildren;
}

/** A table that scrolls by itself where it is wider than its place. */
export function Table({ label, titles, children }: Props) {
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {titles.map((title) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
