/** One registration of a connection; the same key may be registered again when it is gone. */
export interface Registered {
  readonly connectionKey: string;
  readonly createdAt: string;
}
