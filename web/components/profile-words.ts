import type { ProfileMethod } from '@/graphql/generated/documents';
import { formatPercent, plural } from './quantity';

/** What a method is called, and what it does in one sentence. */
export function methodWords(method: string): { readonly name: string; readonly what: string } {
  return WORDS[method] ?? { name: method.toLowerCase().replaceAll('_', ' '), what: '' };
}

/** By name, not by type: a server may know more methods than these pages do. */
const WORDS: Readonly<Record<string, { readonly name: string; readonly what: string }>> = {
  ISOLATED: {
    name: 'isolated blocks',
    what: 'Every block was run alone and as a chain of copies; its latency is the slope, so that the cost of a call drops out.',
  },
  END_TO_END: {
    name: 'end to end',
    what: 'Only whole networks were measured; what each block adds was estimated from them.',
  },
  BASE_NETWORKS: {
    name: 'base networks',
    what: 'Base networks of each family were measured, and corrected layer by layer.',
  },
  KERNELS: {
    name: 'kernels',
    what: 'The kernels that networks are made of were measured; latencies are sums of what a regressor predicts for each.',
  },
  TRANSFER: {
    name: 'transfer',
    what: 'A few subjects were measured here; the rest follows from profiles of other devices.',
  },
  IMPORTED: { name: 'imported', what: 'The table was measured elsewhere and taken in as it was.' },
};

/** Where a number comes from, as a mark with its word. */
export function provenanceMark(method: ProfileMethod): string {
  if (method === 'IMPORTED') return '◇ imported';
  return method === 'TRANSFER' || method === 'KERNELS' ? '○ predicted' : '● measured';
}

/** The mark and what the method is called, where that says more. */
export const provenanceWords = (method: ProfileMethod): string =>
  method === 'IMPORTED' ? provenanceMark(method) : `${provenanceMark(method)}, ${methodWords(method).name}`;

interface Judged {
  readonly method: ProfileMethod;
  readonly overrides: readonly unknown[];
  readonly quality: {
    readonly heldOutCount: number;
    readonly within5: number | null;
    readonly within10: number | null;
    readonly referenceDrift: number | null;
    readonly unstableCount: number;
  };
}

/** Whether a profile can be believed, in one sentence, and what speaks against it in others. */
export function verdictOf({ method, overrides, quality }: Judged): { verdict: string; against: string[] } {
  const { heldOutCount, within5, within10, referenceDrift, unstableCount } = quality;
  const against = [
    ...(referenceDrift !== null && referenceDrift > 0.03
      ? [`The device drifted: the reference network moved by ${formatPercent(referenceDrift)} %.`]
      : []),
    ...(unstableCount > 0 ? [`${plural(unstableCount, 'measurement')} stayed unsteady.`] : []),
    ...(overrides.length > 0 ? [`${plural(overrides.length, 'entry', 'entries')} changed by hand.`] : []),
  ];
  if (heldOutCount === 0 || within10 === null)
    return {
      verdict:
        method === 'IMPORTED'
          ? 'Measured elsewhere: nothing here says how far it can be believed'
          : 'Nothing was kept out to check it: believe its order rather than its numbers',
      against,
    };
  const share = `${formatPercent(within10, 0)} % of ${plural(heldOutCount, 'network')} within 10 %`;
  if (within10 >= 0.99 && (within5 ?? 0) >= 0.9)
    return {
      verdict: `It can be believed: ${share}, ${formatPercent(within5 ?? 0, 0)} % within 5 %`,
      against,
    };
  if (within10 >= 0.9) return { verdict: `Good enough to choose by: ${share}`, against };
  return { verdict: `Do not rely on its numbers: only ${share}`, against };
}

/** A value as one word of a shell's command line. */
const quoted = (value: string): string =>
  /^[\w./:=-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;

interface Repeated {
  readonly method: ProfileMethod;
  readonly options: unknown;
  readonly space: { readonly name: string; readonly team: { readonly slug: string } };
}

/** The command line that measures it again, exactly as it was asked; null for what no campaign measured. */
export function repeatCommand({ method, options, space }: Repeated): string | null {
  if (typeof options !== 'object' || options === null) return null;
  const { seed, batch: _batch, known, ...rest } = options as Record<string, unknown>;
  const address = `${space.team.slug}/${space.name}`;
  const seeded = typeof seed === 'number' && seed !== 0 ? ` --seed ${seed}` : '';
  if (method === 'TRANSFER') {
    const { fitNetworks: samples = 10, heldOutNetworks = 20 } = rest;
    const ids = Array.isArray(known)
      ? known.flatMap(({ name }: { name?: unknown }) => /\(([\w-]+)\)$/.exec(String(name))?.[1] ?? [])
      : [];
    return `espalier profile transfer ${address} --samples ${String(samples)} --held-out ${String(heldOutNetworks)}${seeded}${ids.map((id) => ` --source ${id}`).join('')}`;
  }
  const asked = Object.keys(rest).length > 0 ? ` --options ${quoted(JSON.stringify(rest))}` : '';
  return `espalier profile start ${address} --method ${method}${seeded}${asked}`;
}

interface NamedLayer {
  readonly name: string;
  readonly choices: readonly { readonly label: string }[];
}

/** A measured subject in words: the block and its layer, or the network's encoding. */
export function subjectWords(subject: unknown, layers: readonly NamedLayer[]): string {
  const { kind, layer, choice, copies, encoding } = subject as {
    readonly kind?: string;
    readonly layer?: number;
    readonly choice?: number;
    readonly copies?: number;
    readonly encoding?: readonly number[];
  };
  if (kind === 'NETWORK' && encoding) return `network ${encoding.join('.')}`;
  const at = layers[layer ?? -1];
  const block = at?.choices[choice ?? -1];
  if (!at || !block) return JSON.stringify(subject);
  return `${at.name}, ${block.label}${(copies ?? 1) > 1 ? `, ${copies} copies` : ''}`;
}
