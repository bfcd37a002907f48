/** The bytes of a file that came; rejects when they are not those with this SHA-256. Runs in a browser as well. */
export async function checkedFile(
  { content }: { readonly content: string },
  sha256: unknown,
): Promise<Uint8Array> {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== sha256) throw new Error('the file is not the one that was to be measured');
  return bytes;
}
