import { repeatability, type ProfileMethod, type Repeatability } from '@espalier/nas/profile';
import { mean, median, spearman } from '@espalier/nas/stats';
import type { Figure } from '../science/figure.js';
import type { FidelityPart, Part, ProfilePart } from './parts.js';

/** The rows of `bench measuring` that the parts give, by space and method. */
export function figuresOf(parts: readonly Part[]): Figure[] {
  return [
    ...parts.filter((part) => part.kind === 'fidelity').flatMap(fidelityFigures),
    ...groups(parts).flatMap(({ name, campaigns }) => [
      ...repeatabilityFigures(name, campaigns),
      ...efficiencyFigures(name, campaigns),
      ...predictionFigures(name, campaigns[0]),
    ]),
  ];
}

/** Campaigns of one method in one space, in order. */
export interface CampaignGroup {
  /** `space/method`. */
  readonly name: string;
  readonly space: string;
  readonly method: ProfileMethod;
  readonly campaigns: readonly ProfilePart[];
}

export function groups(parts: readonly Part[]): readonly CampaignGroup[] {
  const found = new Map<string, ProfilePart[]>();
  for (const part of parts) {
    if (part.kind !== 'profile') continue;
    const name = `${part.space}/${part.method}`;
    found.set(name, [...(found.get(name) ?? []), part]);
  }
  return [...found].flatMap(([name, campaigns]) => {
    const [first] = campaigns;
    return first === undefined ? [] : [{ name, space: first.space, method: first.method, campaigns }];
  });
}

/** Of the first two campaigns; null with fewer. */
export function betweenCampaigns([first, second]: readonly ProfilePart[]): Repeatability | null {
  return first && second ? repeatability(first.blocksMs.flat(), second.blocksMs.flat()) : null;
}

/** Wall time ÷ time inside inference, over all campaigns. */
export function efficiency(campaigns: readonly ProfilePart[]): number {
  const sum = (part: 'wallMs' | 'insideMs'): number => campaigns.reduce((all, each) => all + each[part], 0);
  return sum('wallMs') / sum('insideMs');
}

/** Agreement of two methods about the blocks of one space. */
export interface Agreement {
  /** Spearman over all blocks of all positions. */
  readonly all: number;
  /** The same within each position with three blocks or more, on average; NaN where there is none. */
  readonly within: number;
}

/** What the methods are compared by does not depend on which position a shared cost is given to, `within`. */
export function agreement(a: ProfilePart, b: ProfilePart): Agreement {
  const within = a.blocksMs.flatMap((blocks, at) =>
    blocks.length >= 3 ? [spearman(blocks, b.blocksMs[at] ?? [])] : [],
  );
  return {
    all: spearman(a.blocksMs.flat(), b.blocksMs.flat()),
    within: mean(within.filter((each) => !Number.isNaN(each))),
  };
}

/** Agent ÷ bare loop of each network. */
export function fidelityRatios({ networks }: FidelityPart): readonly number[] {
  return networks.map(({ agentMs, bareMs }) => agentMs / mean(bareMs));
}

function fidelityFigures(part: FidelityPart): Figure[] {
  const ratios = fidelityRatios(part);
  if (ratios.length === 0) return [];
  const value = median(ratios);
  return [row(`agent.fidelity/${part.space}`, value, 'ratio', 1, 1 / value, ratios.length)];
}

function repeatabilityFigures(name: string, campaigns: readonly ProfilePart[]): Figure[] {
  const found = betweenCampaigns(campaigns);
  if (found === null) return [];
  const { spearman: rank, medianDifference: difference } = found;
  return [
    row(`agent.repeatability/${name}/spearman`, rank, 'ρ', 0.99, rank / 0.99, 2),
    row(`agent.repeatability/${name}/difference`, difference, 'ratio', 0.02, 0.02 / difference, 2),
  ];
}

function efficiencyFigures(name: string, campaigns: readonly ProfilePart[]): Figure[] {
  const value = efficiency(campaigns);
  return [row(`agent.efficiency/${name}`, value, 'ratio', 1.25, 1.25 / value, campaigns.length)];
}

function predictionFigures(name: string, campaign: ProfilePart | undefined): Figure[] {
  const found = campaign?.additivity ?? null;
  if (found === null) return [];
  const { within5, within10, networks } = found;
  return [
    row(`predict.within10/${name}`, within10, 'share', 0.99, within10 / 0.99, networks),
    row(`predict.within5/${name}`, within5, 'share', 0.9, within5 / 0.9, networks),
  ];
}

function row(name: string, value: number, unit: string, peer: number, ratio: number, n: number): Figure {
  return { name, value, unit, peer, ratio, n };
}
