import { writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeDevice, type CampaignLimits, type CampaignOptions } from '@espalier/device-agent/measuring';
import { ProfileError, profilingMethods, type ProfileMethod } from '@espalier/nas/profile';
import type { Figure } from '../science/figure.js';
import { measureFidelity } from './fidelity.js';
import { figuresOf } from './figures.js';
import { PartStore, type Part } from './parts.js';
import { measureProfile } from './profiles.js';
import { reportOf } from './report.js';
import { MEASURED_SPACES } from './spaces.js';

/** Flags of `bench measuring`; lists are separated by commas. */
export interface MeasuringFlags {
  readonly spaces?: string | undefined;
  readonly methods?: string | undefined;
  /** Campaigns of each method: two tell how they repeat. */
  readonly campaigns?: string | undefined;
  /** Networks that are held out, and to fit; 100 and each method's own number by default. */
  readonly networks?: string | undefined;
  readonly fit?: string | undefined;
  /** A single short pass, to see that everything runs. */
  readonly quick?: boolean | undefined;
  /** Where the report goes, rewritten after each part. */
  readonly report?: string | undefined;
  /** Where parts are kept; those that are there already are not measured again. */
  readonly parts?: string | undefined;
}

/** Those that need nothing but the device. */
const USUAL_METHODS: readonly ProfileMethod[] = ['ISOLATED', 'END_TO_END', 'BASE_NETWORKS'];

const QUICK: Partial<CampaignLimits> = { passes: 1, extraPasses: 0, roundsPerVisit: 2, maxRepeats: 0 };

/** RangeError for a flag that makes no sense, before anything is measured. */
export async function measureMeasuring(flags: MeasuringFlags): Promise<Figure[]> {
  const spaces = listed('spaces', flags.spaces, Object.keys(MEASURED_SPACES)).map((name) => ({
    name,
    measured: (MEASURED_SPACES[name] ?? unknownSpace(name))(),
  }));
  const methods = listed('methods', flags.methods, Object.keys(profilingMethods), USUAL_METHODS).filter(
    isMethod,
  );
  const campaigns = count('campaigns', flags.campaigns, 2);
  const options = {
    heldOutNetworks: count('networks', flags.networks, 100),
    ...(flags.fit === undefined ? {} : { fitNetworks: count('fit', flags.fit, 0) }),
  };
  const store = new PartStore(flags.parts);
  const device = nodeDevice({ threads: 1, lockPath: join(tmpdir(), 'espalier-measuring.lock') });
  const keep = (part: Part): void => {
    store.add(part);
    if (flags.report !== undefined) writeFileSync(flags.report, reportOf(store.all(), environment()));
  };
  for (const { name, measured } of spaces) {
    const { space, batch } = measured;
    const pace = flags.quick === true ? QUICK : {};
    const campaignOf = (seed: number): CampaignOptions => ({ device, batch, seed, ...pace });
    const about = (): { space: string; batch: number; measuredAt: string } => ({
      space: name,
      batch,
      measuredAt: new Date().toISOString(),
    });
    if (!store.has(`fidelity ${name}`)) {
      const networks = await measureFidelity(measured, campaignOf(0), flags.quick === true ? 2 : 7);
      keep({ kind: 'fidelity', ...about(), networks });
    }
    // Methods take turns, so that a slow change of the machine falls on all of them.
    for (let campaign = 1; campaign <= campaigns; campaign++)
      for (const method of methods) {
        const isDone =
          store.has(`profile ${name} ${method} ${String(campaign)}`) ||
          store
            .all()
            .some((part) => part.kind === 'refused' && part.space === name && part.method === method);
        if (isDone) continue;
        console.error(`${name}: ${method}, campaign ${String(campaign)}`);
        try {
          const found = await measureProfile(space, method, options, campaignOf(campaign));
          keep({ kind: 'profile', ...about(), method, campaign, ...found });
        } catch (error) {
          if (!(error instanceof ProfileError)) throw error;
          keep({ kind: 'refused', ...about(), method, reason: error.message });
        }
      }
  }
  return figuresOf(store.all());
}

const isMethod = (name: string): name is ProfileMethod => name in profilingMethods;

function listed(
  flag: string,
  given: string | undefined,
  all: readonly string[],
  byDefault = all,
): readonly string[] {
  const names = given?.split(',').filter((name) => name !== '') ?? byDefault;
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new RangeError(`--${flag}: ${unknown} is none of ${all.join(', ')}`);
  return names;
}

function count(flag: string, given: string | undefined, byDefault: number): number {
  const value = Number(given ?? byDefault);
  if (Number.isInteger(value) && value >= 1 && value <= 5000) return value;
  throw new RangeError(`--${flag}: expected an integer from 1 to 5000, got ${given ?? ''}`);
}

function unknownSpace(name: string): never {
  throw new RangeError(`no space ${name}`);
}

function environment(): string {
  const [cpu] = cpus();
  return `${cpu?.model ?? 'unknown processor'}, ${String(cpus().length)} cores, Node.js ${process.version}; one thread, fp32, ONNX Runtime on the CPU; ${new Date().toISOString()}.`;
}
