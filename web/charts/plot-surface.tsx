'use client';

import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import type { FrontierDomain } from './frontier-domain';
import type { Interval, Scale } from './scale';

interface PlotSurfaceProps {
  label: string;
  domain: FrontierDomain;
  x: Scale;
  y: Scale;
  onDomain: (domain: FrontierDomain | null) => void;
  /** Pixels from the plot's upper left corner, and the plot's size. */
  onPoint: (left: number, top: number, width: number, height: number) => void;
  onLeave: () => void;
  onPin: () => void;
  onRelease: () => void;
  onWalk: (step: number | 'first' | 'last') => void;
}

/** The transparent layer that takes pointer, wheel and keys for a plot. */
export function PlotSurface(props: PlotSurfaceProps) {
  const surface = useRef<HTMLDivElement>(null);
  const drag = useRef<{ left: number; top: number; moved: boolean } | null>(null);
  const { x, y, onDomain } = props;

  const zoom = (factor: number, atX: number, atY: number) => {
    const around = (scale: Scale, at: number): Interval => [
      scale.value(at * (1 - factor)),
      scale.value(at + (1 - at) * factor),
    ];
    onDomain({ latencyMs: around(x, atX), accuracy: around(y, atY) });
  };
  const zoomLatest = useRef(zoom);
  useEffect(() => {
    zoomLatest.current = zoom;
  });
  useEffect(() => {
    const element = surface.current;
    if (!element) return undefined;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const at = { x: (event.clientX - box.left) / box.width, y: 1 - (event.clientY - box.top) / box.height };
      zoomLatest.current(Math.exp(event.deltaY * 0.002), at.x, at.y);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);

  const move = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const held = drag.current;
    if (held && event.pointerType === 'mouse') {
      const [dx, dy] = [(event.clientX - held.left) / box.width, (event.clientY - held.top) / box.height];
      if (!held.moved && Math.hypot(dx * box.width, dy * box.height) < 4) return;
      drag.current = { left: event.clientX, top: event.clientY, moved: true };
      onDomain({ latencyMs: [x.value(-dx), x.value(1 - dx)], accuracy: [y.value(dy), y.value(1 + dy)] });
      return;
    }
    props.onPoint(event.clientX - box.left, event.clientY - box.top, box.width, box.height);
  };

  const keys: Record<string, () => void> = {
    ArrowRight: () => props.onWalk(1),
    ArrowUp: () => props.onWalk(1),
    ArrowLeft: () => props.onWalk(-1),
    ArrowDown: () => props.onWalk(-1),
    Home: () => props.onWalk('first'),
    End: () => props.onWalk('last'),
    Escape: props.onRelease,
    '+': () => zoom(0.8, 0.5, 0.5),
    '=': () => zoom(0.8, 0.5, 0.5),
    '-': () => zoom(1.25, 0.5, 0.5),
    '0': () => onDomain(null),
  };
  const press = (event: KeyboardEvent) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  return (
    <div
      ref={surface}
      className="plot-surface"
      role="application"
      aria-roledescription="chart"
      aria-label={props.label}
      tabIndex={0}
      onKeyDown={press}
      onPointerMove={move}
      onPointerLeave={() => {
        drag.current = null;
        props.onLeave();
      }}
      onPointerDown={(event) => {
        drag.current = { left: event.clientX, top: event.clientY, moved: false };
        if (event.pointerType !== 'mouse') move(event);
      }}
      onPointerUp={() => {
        const moved = drag.current?.moved ?? false;
        drag.current = null;
        if (!moved) props.onPin();
      }}
      onDoubleClick={() => onDomain(null)}
    />
  );
}
