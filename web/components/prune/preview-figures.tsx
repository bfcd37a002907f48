import { KeyFigures, type KeyFigure } from '../key-figures';
import { formatCount, formatPercent, formatSize } from '../quantity';
import type { Preview } from './use-preview';

/** What pruning would do, in a few numbers and a sentence. */
export function PreviewFigures({ preview }: { preview: Preview }) {
  const { layers, lost, sizeBefore, sizeAfter, ratioReason } = preview;
  const kept = layers.reduce((sum, layer) => sum + layer.kept.length, 0);
  const all = kept + layers.reduce((sum, layer) => sum + layer.removed.length, 0);
  const figures: KeyFigure[] = [
    { name: 'networks left', value: formatSize(sizeAfter), note: `of ${formatSize(sizeBefore)}` },
    { name: 'choices left', value: formatCount(kept), note: `of ${formatCount(all)}` },
    {
      name: 'evaluations it costs',
      value: formatCount(preview.evaluationCount),
      note: preview.evaluationCount > 0 ? 'count towards each search in it' : 'nothing is evaluated',
    },
    ...(lost.points == null
      ? []
      : [
          {
            name: 'frontier lost',
            value: formatCount(lost.points),
            note: `of ${formatCount(lost.of ?? 0)} networks`,
          },
          {
            name: 'hypervolume left',
            value: lost.hypervolumeRatio == null ? '–' : formatPercent(lost.hypervolumeRatio),
            unit: '%',
            note: 'of the frontier’s',
          },
          {
            name: 'IGD+ of the rest',
            value: lost.igdPlus == null ? '–' : lost.igdPlus.toFixed(4),
            note: '0 loses nothing',
          },
        ]),
  ];
  return (
    <>
      <KeyFigures figures={figures} />
      {ratioReason ? <p className="mb-3 max-w-[80ch] text-sm">{ratioReason}</p> : null}
      <Considered preview={preview} />
      <p className="mb-6 max-w-[80ch] text-sm text-muted">{lost.reference}</p>
    </>
  );
}

/** The ratios weighed where one was chosen. */
function Considered({ preview: { considered, ratio } }: { preview: Preview }) {
  if (considered.length === 0) return null;
  return (
    <div className="table-scroll mb-6 max-w-[68ch]" role="region" aria-label="Ratios weighed" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Removed</th>
            <th scope="col" className="number">
              Networks
            </th>
            <th scope="col" className="number">
              Expected loss, IGD+
            </th>
            <th scope="col" className="number">
              Worst tenth begins at
            </th>
            <th scope="col" className="number">
              Best seen lost
            </th>
          </tr>
        </thead>
        <tbody>
          {considered.map((each) => (
            <tr key={each.ratio} className={each.ratio === ratio ? 'font-semibold' : undefined}>
              <th scope="row">
                {formatPercent(each.ratio, 0)} %
                {each.ratio === ratio ? <span className="ml-2 text-xs text-leaf">chosen</span> : null}
              </th>
              <td className="number">{formatSize(each.networks)}</td>
              <td className="number">{each.expectedLoss.toFixed(3)}</td>
              <td className="number">{each.badLoss.toFixed(3)}</td>
              <td className="number">
                {each.lostSeen} <span className="text-muted">of {each.seen}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
