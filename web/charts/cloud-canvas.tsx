'use client';

import { useEffect, useRef } from 'react';
import { drawCloud } from './cloud-image';
import type { Scale } from './scale';
import type { TrialColumns } from './trial-columns';

/** All trials under the axes; redrawn when the size, the view or the theme changes. */
export function CloudCanvas({
  columns,
  latency,
  accuracy,
}: {
  columns: TrialColumns;
  latency: Scale;
  accuracy: Scale;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return undefined;
    let frame = 0;
    const draw = () => {
      const ratio = Math.min(window.devicePixelRatio, 2);
      element.width = Math.max(1, Math.round(element.clientWidth * ratio));
      element.height = Math.max(1, Math.round(element.clientHeight * ratio));
      drawCloud(context, columns, latency, accuracy, cloudInk(element), ratio);
      element.dataset.drawn = String(columns.latencyMs.length);
    };
    const schedule = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(draw);
    };
    schedule();
    const size = new ResizeObserver(schedule);
    size.observe(element);
    const theme = new MutationObserver(schedule);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', schedule);
    return () => {
      cancelAnimationFrame(frame);
      size.disconnect();
      theme.disconnect();
      scheme.removeEventListener('change', schedule);
    };
  }, [columns, latency, accuracy]);
  return <canvas ref={canvas} className="plot-canvas" aria-hidden="true" />;
}

function cloudInk(element: Element): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = getComputedStyle(element)
    .getPropertyValue('--cloud')
    .trim()
    .split(/\s+/)
    .map(Number);
  return [red, green, blue];
}
