'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';

function onVisibility(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
}

/** Whether the page is in front: another tab, another program over the whole screen or a locked screen hide it. */
export function useVisible(): boolean {
  return useSyncExternalStore(
    onVisibility,
    () => document.visibilityState === 'visible',
    () => true,
  );
}

/** Keeps the screen on while `wanted`, and says whether it does: browsers may refuse, for example on a low battery. */
export function useWakeLock(wanted: boolean): boolean {
  const [awake, setAwake] = useState(false);
  useEffect(() => {
    if (!wanted || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    // Granted after it was no longer wanted, it is given back at once.
    const keep = (given: WakeLockSentinel) => {
      lock = given;
      if (over) return void given.release();
      setAwake(true);
      given.addEventListener('release', () => setAwake(false));
    };
    navigator.wakeLock.request('screen').then(keep, () => setAwake(false));
    return () => {
      over = true;
      void lock?.release();
      setAwake(false);
    };
  }, [wanted]);
  return awake;
}
