import type { Additivity } from '@espalier/nas/profile';
import {
  agreement,
  betweenCampaigns,
  efficiency,
  fidelityRatios,
  groups,
  type CampaignGroup,
} from './figures.js';
import type { FidelityPart, Part, RefusedPart } from './parts.js';

/** What was measured, as Markdown: a section a space. `environment` is a line about the machine. */
export function reportOf(parts: readonly Part[], environment: string): string {
  const spaces = [...new Set(parts.map(({ space }) => space))];
  return [
    '# Profiles and their measuring',
    environment,
    'Errors are relative to whole networks that no profile was fitted to. Reached shall be: ±5 % for 90 % and ±10 % for 99 % of them; Spearman between campaigns 0.99, median difference 2 %; wall ÷ inside 1.25; agent ÷ bare loop 0.99 to 1.01.',
    ...spaces.map((space) =>
      spaceSection(
        space,
        parts.filter((part) => part.space === space),
      ),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

function spaceSection(space: string, parts: readonly Part[]): string {
  const found = groups(parts);
  const fidelity = parts.filter((part) => part.kind === 'fidelity').map(fidelityLine);
  const refused = parts.filter((part) => part.kind === 'refused').map(refusedLine);
  const batch = parts[0]?.batch ?? 0;
  const sections = [
    `## ${space} (profiles at batch ${String(batch)})`,
    ...fidelity,
    ...refused,
    ...(found.length > 0
      ? [campaignTable(found), errorTable(found), rankingTable(found), ...remarks(found)]
      : []),
  ];
  return sections.join('\n\n');
}

function fidelityLine(part: FidelityPart): string {
  const ratios = fidelityRatios(part).map((ratio) => ratio.toFixed(3));
  const drift = part.networks.map(({ bareMs: [before, after] }) => Math.abs(after / before - 1));
  return ratios.length > 0
    ? `Agent's median ÷ bare loop's: ${ratios.join(', ')}. The bare loop itself moved by up to ${percent(Math.max(...drift))} meanwhile.`
    : 'No network took 1 ms: the agent was not compared with a bare loop.';
}

function refusedLine({ method, reason }: RefusedPart): string {
  return `${method} cannot profile it: ${reason}.`;
}

function campaignTable(found: readonly CampaignGroup[]): string {
  return table(
    [
      'method',
      'subjects',
      'wall s',
      'wall ÷ inside',
      'Spearman between campaigns',
      'median difference',
      'within a campaign (halves)',
      'reference drift',
      'unstable',
    ],
    found.map(({ method, campaigns }) => {
      const [first] = campaigns;
      const between = betweenCampaigns(campaigns);
      return [
        method,
        String(first?.subjects ?? 0),
        ((first?.wallMs ?? 0) / 1000).toFixed(0),
        efficiency(campaigns).toFixed(2),
        between === null ? '–' : between.spearman.toFixed(4),
        between === null ? '–' : percent(between.medianDifference),
        first?.repeatability ? first.repeatability.spearman.toFixed(4) : '–',
        campaigns.map(({ referenceDrift: drift }) => (drift === null ? '–' : percent(drift))).join(', '),
        campaigns.map(({ unstableCount }) => String(unstableCount)).join(', '),
      ];
    }),
  );
}

function errorTable(found: readonly CampaignGroup[]): string {
  const errors = (name: string, additivity: Additivity | null): string[][] =>
    additivity === null
      ? []
      : [
          [
            name,
            String(additivity.networks),
            percent(additivity.mape),
            percent(additivity.within5),
            percent(additivity.within10),
            additivity.kendallTau.toFixed(3),
          ],
        ];
  return table(
    ['prediction', 'networks', 'MAPE', 'within ±5 %', 'within ±10 %', 'Kendall τ'],
    found.flatMap(({ method, campaigns: [first] }) => [
      ...errors(`${method}, blocks alone added up`, first?.aloneAdditivity ?? null),
      ...errors(`${method}, before correction`, first?.uncorrectedAdditivity ?? null),
      ...errors(`${method}, corrected`, first?.additivity ?? null),
    ]),
  );
}

function rankingTable(found: readonly CampaignGroup[]): string {
  const rows = found.map(({ method, campaigns: [a] }) => [
    method,
    ...found.map(({ campaigns: [b] }) => {
      if (a === undefined || b === undefined) return '–';
      const { all, within } = agreement(a, b);
      return `${all.toFixed(3)} (${Number.isNaN(within) ? '–' : within.toFixed(3)})`;
    }),
  ]);
  const words = 'Spearman of the blocks’ latencies by two methods; in brackets the mean within positions:';
  return `${words}\n\n${table(['', ...found.map(({ method }) => method)], rows)}`;
}

function remarks(found: readonly CampaignGroup[]): string[] {
  return found.flatMap(({ method, campaigns: [first] }) =>
    first && first.remarks.length > 0
      ? [`${method}:\n\n${first.remarks.map((remark) => `- ${remark}`).join('\n')}`]
      : [],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
