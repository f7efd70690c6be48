import type { ComponentChildren } from "preact";

export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => unknown }) {
  return (
    <div class="notice bad" role="alert">
      <span>{error instanceof Error ? error.message : String(error)}</span>
      {retry && (
        <button type="button" class="plain" onClick={() => void retry()}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

export function Waiting({ what }: { readonly what: string }) {
  return (
    <p class="empty" role="status">
      Reading {what}…
    </p>
  );
}

interface Answer<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** What a question was answered, or that it is being asked, or why there is no answer. */
export function Answered<T>({
  of,
  what,
  children,
}: {
  readonly of: Answer<T>;
  readonly what: string;
  readonly children: (data: T) => ComponentChildren;
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  return of.error === null ? <Waiting what={what} /> : <Failure error={of.error} retry={of.refetch} />;
}
