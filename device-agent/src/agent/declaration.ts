import {
  describeMachine,
  hardwareTarget,
  type HardwareTargetDescription,
  type MachineDescription,
} from '../environment/machine.js';
import { whyNotPinned } from '../runtimes/affinity.js';
import { tryProvider, type Coverage } from '../runtimes/providers.js';
import { AGENT_VERSION } from '../version.js';
import { targetText, type TargetSettings } from './targets.js';

/** How a target goes on this machine. */
export interface TargetReport {
  readonly target: string;
  readonly coverage: Coverage;
  /** Whether the runtime is bound to processors, in words. */
  readonly affinity: string;
}

/** What an agent tells its server about itself when it starts. */
export interface Declaration {
  readonly targets: HardwareTargetDescription[];
  readonly environment: MachineDescription & { readonly targets: readonly TargetReport[] };
  readonly agentVersion: string;
}

/**
 * Tries every target on this machine and describes both. Rejects with a sentence when one cannot be measured here. A provider that
 * leaves part of the reference network to the processor is declared as what it is, `coverage: SOME`.
 */
export async function declare(
  settings: readonly TargetSettings[],
  { pinned }: { readonly pinned: boolean },
): Promise<Declaration> {
  const tried = new Map<string, Coverage>();
  const described: TargetReport[] = [];
  for (const target of settings) {
    const { provider, threads, precision } = target;
    const key = `${provider} ${precision}`;
    const coverage = tried.get(key) ?? (await tryProvider(provider, threads, precision));
    tried.set(key, coverage);
    const unpinned = pinned ? whyNotPinned(threads) : 'switched off';
    const affinity = unpinned === null ? 'bound to as many processors as threads' : `not bound: ${unpinned}`;
    described.push({ target: targetText(target), coverage, affinity });
  }
  return {
    targets: settings.map(hardwareTarget),
    environment: { ...describeMachine(), targets: described },
    agentVersion: AGENT_VERSION,
  };
}
