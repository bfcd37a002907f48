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
  /** Time of the device that it took: building, loading, warming up, its runs and its share of the reference's. */
  readonly deviceMs: number;
  /** Most memory that the runtime had while loading it, with all that was loaded beside it, bytes; null where not told. */
  readonly peakMemoryBytes: number | null;
  /** False when the campaign was told to finish before the subject had all of its visits. */
  readonly complete: boolean;
  /** Null when steady. */
  readonly unstableReason: string | null;
  /** Null unless it failed. */
  readonly error: string | null;
}

/** One round of one subject. */
export interface Round {
  readonly samples: Float32Array;
  readonly referenceMs: number;
  /** What others did meanwhile, in words; null when nothing is known of. May become known after the round. */
  disturbance: string | null;
}

/** What a campaign has gathered about one subject so far. */
export class SubjectRecord {
  error: string | null = null;
  readonly createMs: number[] = [];
  readonly rounds: Round[] = [];
  deviceMs = 0;
  peakMemoryBytes: number | null = null;
  visits = 0;

  constructor(readonly subject: CampaignSubject) {}

  fail(cause: unknown): void {
    this.error = cause instanceof Error ? cause.message : String(cause);
  }

  /** Half-width of the floor's 95 % interval as a ratio of it. */
  floorUncertainty(): number {
    const { floorMs, floorIntervalMs } = this.statistics();
    return Math.max(floorIntervalMs[1] - floorMs, floorMs - floorIntervalMs[0]) / floorMs;
  }

  result({
    passes,
    cut,
    unstable,
  }: {
    readonly passes: number;
    /** Whether the campaign was told to finish early. */
    readonly cut: boolean;
    readonly unstable: (record: SubjectRecord) => string | null;
  }): SubjectResult {
    const measured = this.error === null && this.rounds.length > 0;
    return {
      id: this.subject.id,
      rounds: this.rounds.map(({ samples }) => samples),
      referenceMs: this.rounds.map(({ referenceMs }) => referenceMs),
      statistics: measured ? this.statistics() : null,
      sessionCreateMs: mean(this.createMs),
      deviceMs: this.deviceMs,
      peakMemoryBytes: this.peakMemoryBytes,
      complete: !cut || this.error !== null || this.visits >= passes,
      unstableReason: measured ? unstable(this) : null,
      error: this.error,
    };
  }

  private statistics(): SampleStatistics {
    return sampleStatistics(this.rounds.map(({ samples }) => samples));
  }
}
