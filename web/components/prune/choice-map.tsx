'use client';

import { useState } from 'react';
import type { HeatLayer } from '../block-heat-map';
import type { Preview } from './use-preview';

interface ChoiceMapProps {
  layers: readonly HeatLayer[];
  preview: Preview;
  /** Given when choices are made by hand. */
  onToggle?: (layer: number, choice: number) => void;
}

interface Cell {
  layer: number;
  choice: number;
}

/** Up to here the reason stands beside the map. */
const FEW_LAYERS = 6;

/**
 * A row for each block, a column for each layer: what stays is filled, deeper the better its score ranks in its layer; what
 * goes is struck through. The reason of the cell under the pointer or the keyboard stands beside or below.
 */
export function ChoiceMap({ layers, preview, onToggle }: ChoiceMapProps) {
  const [looked, setLooked] = useState<Cell | null>(null);
  const labels = [...new Set(layers.flatMap(({ choices }) => choices.map(({ label }) => label)))];
  const isScored = preview.layers.some(({ scores }) => scores !== null);
  const shares = preview.layers.map(({ scores }) => (scores ? rankShares(scores) : null));
  const reason = looked ? preview.layers[looked.layer]?.reasons[looked.choice] : undefined;
  return (
    <div
      className={
        layers.length <= FEW_LAYERS
          ? 'grid grid-cols-1 gap-x-8 gap-y-3 sm:grid-cols-[auto_minmax(0,1fr)]'
          : ''
      }
      onPointerLeave={() => setLooked(null)}
    >
      <div className="table-scroll" role="region" aria-label="What stays and what goes" tabIndex={0}>
        <table className="heat-map choice-map">
          <caption className="sr-only">What stays and what goes, with the rule’s scores</caption>
          <thead>
            <tr>
              <td />
              {layers.map(({ index, name }) => (
                <th key={index} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {layers.map(({ index, choices }) => {
                  const choice = choices.find((each) => each.label === label)?.index;
                  const found = preview.layers[index];
                  if (choice === undefined || !found) return <td key={index} className="choice-none" />;
                  return (
                    <ChoiceCell
                      key={index}
                      name={`${label} at layer ${choiceLayer(layers, index)}`}
                      kept={found.kept.includes(choice)}
                      score={found.scores?.[choice] ?? null}
                      share={shares[index]?.[choice] ?? null}
                      onLook={() => setLooked({ layer: index, choice })}
                      {...(onToggle && { onToggle: () => onToggle(index, choice) })}
                    />
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="sticky bottom-0 max-w-[44ch] bg-paper py-2 sm:top-6 sm:bottom-auto sm:self-start text-sm text-muted">
        <p>
          What stays is filled{isScored ? ', deeper the higher its score ranks in its layer' : ''}; what goes
          is struck through.
          {onToggle ? ' Press a choice to keep or remove it.' : ''}
        </p>
        <p className="mt-3 min-h-16" aria-live="polite">
          {looked && reason ? (
            <>
              <b className="block text-ink">{labelOf(layers, looked)}</b> {reason}.
            </>
          ) : (
            'Point at a choice to see why.'
          )}
        </p>
      </div>
    </div>
  );
}

interface ChoiceCellProps {
  name: string;
  kept: boolean;
  score: number | null;
  /** Place in the layer's ranking, 0 (last) to 1 (first). */
  share: number | null;
  onLook: () => void;
  onToggle?: () => void;
}

function ChoiceCell({ name, kept, score, share, onLook, onToggle }: ChoiceCellProps) {
  const text = score === null ? (kept ? 'stays' : 'goes') : inThreeDigits(score);
  const shown = kept ? text : <s>{text}</s>;
  // Never by colour alone: what goes is struck through as well.
  const depth = kept ? 16 + 34 * (share ?? 0.5) : 0;
  return (
    <td
      data-kept={kept}
      style={{ background: `color-mix(in srgb, var(--leaf) ${depth.toFixed(0)}%, transparent)` }}
      onPointerEnter={onLook}
    >
      {onToggle ? (
        <button
          type="button"
          aria-pressed={kept}
          aria-label={`${name}: ${text}`}
          onFocus={onLook}
          onClick={onToggle}
        >
          {shown}
        </button>
      ) : (
        <>
          {shown}
          <span className="sr-only">{kept ? ', stays' : ', goes'}</span>
        </>
      )}
    </td>
  );
}

/** Share of the other choices of a layer that score less. */
function rankShares(scores: readonly number[]): number[] {
  return scores.map(
    (score) => scores.filter((other) => other < score).length / Math.max(1, scores.length - 1),
  );
}

function inThreeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return value.toExponential(1).replace('e+', 'e').replace('-', '−');
  const text = size >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
  return text.replace('-', '−');
}

const choiceLayer = (layers: readonly HeatLayer[], index: number): string =>
  layers.find((layer) => layer.index === index)?.name ?? String(index);

function labelOf(layers: readonly HeatLayer[], { layer, choice }: Cell): string {
  const label = layers
    .find(({ index }) => index === layer)
    ?.choices.find(({ index }) => index === choice)?.label;
  return `${choiceLayer(layers, layer)}, ${label ?? choice}`;
}
