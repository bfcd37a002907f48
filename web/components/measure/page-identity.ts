import type { PageIdentity } from '@espalier/device-agent/browser';

const KEY = 'espalier-agent';

/** What this browser was paired as; null when it was not, or what is kept is not whole. */
export function keptIdentity(): PageIdentity | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isIdentity(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Kept for pages of this origin, as long as the browser keeps its data. */
export function keepIdentity(identity: PageIdentity): void {
  localStorage.setItem(KEY, JSON.stringify(identity));
}

export function forgetIdentity(): void {
  localStorage.removeItem(KEY);
}

function isIdentity(value: unknown): value is PageIdentity {
  const { token, name, settings } = (value ?? {}) as Partial<PageIdentity>;
  return (
    typeof token === 'string' &&
    typeof name === 'string' &&
    (settings?.provider === 'wasm' || settings?.provider === 'webgpu') &&
    [settings.threads, settings.batch].every((count) => Number.isInteger(count) && count > 0)
  );
}
