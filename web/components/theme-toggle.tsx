'use client';

import { useState } from 'react';
import { chooseTheme } from '@/app/actions/session';

export type Theme = 'light' | 'dark' | 'system';

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const names: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

/** Walks system → light → dark; the page changes at once and the cookie follows. */
export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const change = () => {
    const chosen = next[theme];
    setTheme(chosen);
    if (chosen === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    void chooseTheme(chosen);
  };
  return (
    <button
      type="button"
      onClick={change}
      title={`Theme: ${names[theme]}`}
      aria-label={`Theme: ${names[theme]}. Change it`}
      className="grid size-8 place-items-center text-muted hover:text-ink"
    >
      <svg
        viewBox="0 0 20 20"
        className="size-4"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
      >
        <circle cx="10" cy="10" r="7.5" />
        {theme === 'light' ? <circle cx="10" cy="10" r="3" /> : null}
        {theme === 'dark' ? <circle cx="10" cy="10" r="7.5" fill="currentColor" /> : null}
        {theme === 'system' ? <path d="M10 2.500a7.5 7.5 0 0 0 0 15z" fill="currentColor" /> : null}
      </svg>
    </button>
  );
}
