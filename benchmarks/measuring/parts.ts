import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Additivity, ProfileMethod, Repeatability } from '@espalier/nas/profile';

/** What is measured at one go and kept: a long run that is interrupted has those that it finished. */
export type Part = FidelityPart | ProfilePart | RefusedPart;

interface PartOf {
  readonly space: string;
  readonly batch: number;
  readonly measuredAt: string;
}

/** The agent against a bare loop over the same runtime. */
export interface FidelityPart extends PartOf {
  readonly kind: 'fidelity';
  readonly networks: readonly FidelityNetwork[];
}

export interface FidelityNetwork {
  readonly key: string;
  readonly agentMs: number;
  /** Medians before and after the agent's campaign. */
  readonly bareMs: readonly [before: number, after: number];
}

/** One campaign. */
export interface ProfilePart extends PartOf {
  readonly kind: 'profile';
  readonly method: ProfileMethod;
  readonly campaign: number;
  readonly subjects: number;
  readonly wallMs: number;
  readonly insideMs: number;
  readonly estimator: string;
  /** Entries of choices that build something, by position: before correction, what methods are compared by. */
  readonly blocksMs: readonly (readonly number[])[];
  readonly additivity: Additivity | null;
  readonly uncorrectedAdditivity: Additivity | null;
  /** Blocks run alone and added up; only of the method that runs blocks alone. */
  readonly aloneAdditivity: Additivity | null;
  readonly repeatability: Repeatability | null;
  readonly referenceDrift: number | null;
  readonly unstableCount: number;
  /** What the method says besides that a report tells. */
  readonly remarks: readonly string[];
}

/** A method that cannot profile a space. */
export interface RefusedPart extends PartOf {
  readonly kind: 'refused';
  readonly method: ProfileMethod;
  readonly reason: string;
}

export function partKey(part: Part): string {
  switch (part.kind) {
    case 'fidelity':
      return `fidelity ${part.space}`;
    case 'profile':
      return `profile ${part.space} ${part.method} ${String(part.campaign)}`;
    case 'refused':
      return `profile ${part.space} ${part.method} 1`;
  }
}

/** Parts in a file, written whole after each; nothing is written without one. */
export class PartStore {
  private readonly parts: Part[];

  constructor(private readonly path: string | undefined) {
    this.parts =
      path !== undefined && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Part[]) : [];
  }

  all(): readonly Part[] {
    return this.parts;
  }

  has(key: string): boolean {
    return this.parts.some((part) => partKey(part) === key);
  }

  add(part: Part): void {
    this.parts.push(part);
    if (this.path === undefined) return;
    writeFileSync(`${this.path}.new`, `${JSON.stringify(this.parts)}\n`);
    renameSync(`${this.path}.new`, this.path);
  }
}
