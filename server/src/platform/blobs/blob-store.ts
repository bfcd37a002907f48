/** Content-addressed bytes: tables, weights, models. The same bytes are stored once. */
export interface BlobStore {
  /** Stores bytes durably and returns their SHA-256, hexadecimal. */
  put(bytes: Uint8Array): Promise<string>;
  /** The bytes with this hash; throws when they are missing or damaged. */
  get(hash: string): Promise<Uint8Array>;
}
