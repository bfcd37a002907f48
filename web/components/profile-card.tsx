import { formatPercent, plural } from './quantity';

interface Quality {
  additivityMape: number | null;
  heldOutCount: number;
  kendallTau: number | null;
  referenceDrift: number | null;
  repeatabilityDifference: number | null;
  repeatabilitySpearman: number | null;
  unstableCount: number;
  within5: number | null;
  within10: number | null;
}

/** How far a profile can be believed, in sentences. */
export function ProfileQuality({ quality }: { quality: Quality }) {
  const sentences = qualitySentences(quality);
  if (sentences.length === 0) return <p className="text-muted">No quality figure is known yet.</p>;
  return (
    <ul className="grid max-w-[68ch] gap-2">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

function qualitySentences(quality: Quality): string[] {
  const sentences: string[] = [];
  const { additivityMape, within5, within10, heldOutCount } = quality;
  if (additivityMape !== null)
    sentences.push(
      `Predicted latencies are off by ${formatPercent(additivityMape)} % on average, over ${plural(heldOutCount, 'network')} measured whole and kept out of the fit.`,
    );
  if (within10 !== null)
    sentences.push(
      `${formatPercent(within10, 0)} % of them are predicted within 10 %${within5 === null ? '' : `, ${formatPercent(within5, 0)} % within 5 %`}.`,
    );
  if (quality.kendallTau !== null)
    sentences.push(
      `Of two networks the faster one is predicted faster ${formatPercent((1 + quality.kendallTau) / 2, 0)} % of the time (Kendall τ ${quality.kendallTau.toFixed(3)}).`,
    );
  if (quality.repeatabilityDifference !== null)
    sentences.push(
      `Two halves of the rounds differ by ${formatPercent(quality.repeatabilityDifference)} % in the median${quality.repeatabilitySpearman === null ? '' : ` and rank the blocks alike (Spearman ${quality.repeatabilitySpearman.toFixed(3)})`}.`,
    );
  if (quality.referenceDrift !== null)
    sentences.push(
      `The reference network moved by at most ${formatPercent(quality.referenceDrift)} % during the campaign.`,
    );
  sentences.push(
    quality.unstableCount === 0
      ? 'No measurement was unsteady.'
      : `${plural(quality.unstableCount, 'measurement')} stayed unsteady and ${quality.unstableCount === 1 ? 'is' : 'are'} marked.`,
  );
  return sentences;
}
