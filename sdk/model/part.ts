/** A part of a long list; `next` continues it and is null at its end. */
export interface Part<T> {
  readonly hits: readonly T[];
  readonly next: string | null;
}
