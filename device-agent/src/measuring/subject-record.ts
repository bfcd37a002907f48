import { sampleStatistics, type SampleStatistics } from '@espalier/nas/profile';
import { mean } from '@espalier/nas/stats';

/** Something to measure. `model` makes the ONNX bytes anew whenever a session is made; they are not kept. */
export interface CampaignSubject {
  readonly id: string;
  model(): Uint8Array;
}

/** One subject's samples; times in milliseconds. */
export interface SubjectResult {
  readonly id: string;
  /** A list a round; each sample is one run. Empty when the subject failed before any. */
  readonly rounds: readonly Float32Array[];
  /** The reference's reading around each round: the higher of before and after. */
  readonly referenceMs: readonly number[];
  readonly statistics: SampleStatistics | null;
  /** Mean time to make a session; NaN when none was made. */
  readonly sessionCreateMs: number;
  /** Null when steady. */
  readonly unstableReason: string | null;
  /** Null unless it failed. */
  readonly error: string | null;
}

/** What a campaign has gathered about one subject so far. */
export class SubjectRecord {
  error: string | null = null;
  readonly createMs: number[] = [];
  private readonly rounds: Float32Array[] = [];
  private readonly referenceMs: number[] = [];

  constructor(readonly subject: CampaignSubject) {}

  addRound(samples: readonly number[], referenceMs: number): void {
    this.rounds.push(Float32Array.from(samples));
    this.referenceMs.push(referenceMs);
  }

  fail(cause: unknown): void {
    this.error = cause instanceof Error ? cause.message : String(cause);
  }

  /** Whether the floor's 95 % interval is wider than `ratio` on either side. */
  needsMore(ratio: number): boolean {
    if (this.error !== null) return false;
    const { floorMs, floorIntervalMs } = sampleStatistics(this.rounds);
    return Math.max(floorIntervalMs[1] - floorMs, floorMs - floorIntervalMs[0]) > ratio * floorMs;
  }

  result(instability: (referenceMs: readonly number[]) => string | null): SubjectResult {
    const measured = this.error === null && this.rounds.length > 0;
    return {
      id: this.subject.id,
      rounds: this.rounds,
      referenceMs: this.referenceMs,
      statistics: measured ? sampleStatistics(this.rounds) : null,
      sessionCreateMs: mean(this.createMs),
      unstableReason: measured ? instability(this.referenceMs) : null,
      error: this.error,
    };
  }
}
