import { AttainmentChart } from '@/charts/attainment-chart';
import { GroupFrontiers } from '@/charts/group-frontiers';
import { SeriesSwatch } from '@/charts/series-mark';
import { styleSeries } from '@/charts/series-style';
import type { Comparison } from '@/server/comparison';
import { plural } from '../quantity';
import { writeComparisonView, type ComparisonView } from './comparison-view';
import type { Group } from './indicators';
import { ViewLinks } from './view-links';

interface AttainmentSectionProps {
  comparison: Comparison;
  view: ComparisonView;
  path: string;
}

/** What a group's runs attain in accuracy and latency, against the baseline's. */
export function AttainmentSection({ comparison, view, path }: AttainmentSectionProps) {
  const { groups, baseline, attainmentEvaluations, task } = comparison;
  if (attainmentEvaluations === null) return <Frontiers comparison={comparison} />;
  const base = groups.find((group) => group.label === baseline) ?? groups[0];
  const others = groups.filter((group) => group !== base);
  const chosen = others.find((group) => group.label === view.group) ?? fastest(others) ?? null;
  const styles = styleSeries(groups, baseline);
  const series = [base, chosen].flatMap((group) => {
    const style = group && styles.get(group.label);
    return group && style ? [{ label: group.label, style, attainment: group.attainment }] : [];
  });
  const usual = fastest(others)?.label;
  return (
    <section className="mt-14">
      <h2 className="text-lg">What the runs attain after {plural(attainmentEvaluations, 'evaluation')}</h2>
      <p className="mt-1 max-w-[80ch] text-sm text-muted">
        The line is what half of a group’s seeds attain; the band reaches from what every seed attains to what
        the best of them does. Grey circles are the reference front.
      </p>
      {others.length > 1 ? (
        <div className="mt-5">
          <ViewLinks
            label={`Group beside ${base?.label ?? ''}`}
            links={others.map(({ label }) => ({
              name: label,
              href: `${path}${writeComparisonView({ ...view, group: label === usual ? null : label })}`,
              here: label === chosen?.label,
            }))}
          />
        </div>
      ) : null}
      <ul className="phone-legend mt-6 flex flex-wrap gap-x-5 gap-y-1 text-sm" aria-label="Groups shown">
        {series.map(({ label, style }) => (
          <li key={label} className="flex items-center gap-2">
            <SeriesSwatch style={style} />
            {label}
          </li>
        ))}
      </ul>
      <div className="with-end-labels mt-6">
        <AttainmentChart
          series={series}
          reference={comparison.referenceFront}
          metric={task.metric}
          unit={task.unit}
        />
      </div>
    </section>
  );
}

/** The group that gains most on the baseline; the first where none arrives. */
function fastest(groups: readonly Group[]): Group | undefined {
  const speedup = ({ arrivals }: Group): number =>
    arrivals.find(({ indicator }) => indicator === 'IGD_PLUS')?.speedup ?? 0;
  return groups.reduce<Group | undefined>(
    (best, group) => (!best || speedup(group) > speedup(best) ? group : best),
    undefined,
  );
}

/** Comparisons from before attainment was kept. */
function Frontiers({ comparison }: { comparison: Comparison }) {
  const styles = styleSeries(comparison.groups, comparison.baseline);
  const series = comparison.groups.flatMap((group) => {
    const style = styles.get(group.label);
    return style ? [{ ...group, style }] : [];
  });
  return (
    <section className="mt-14">
      <h2 className="text-lg">Where each group ends</h2>
      <p className="mt-1 text-sm text-muted">
        The networks no other of the group beats, over all its seeds; grey circles are the reference front.
      </p>
      <div className="with-end-labels mt-6">
        <GroupFrontiers
          series={series}
          reference={comparison.referenceFront}
          metric={comparison.task.metric}
          unit={comparison.task.unit}
        />
      </div>
    </section>
  );
}
