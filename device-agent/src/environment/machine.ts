import { createHash } from 'node:crypto';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { containerLimits, type ContainerLimits } from './container-limits.js';
import { frequencyGovernor, powerSource, temperatureCelsius } from './frequency-and-power.js';
import { runtimeVersion } from './runtime-version.js';

/** What makes two devices the same target: only devices that agree in all of it share latencies. */
export interface HardwareTargetDescription {
  /** Model as the system names it, for example `AMD EPYC`. */
  readonly processor: string;
  /** Execution provider, for example `cpu`. */
  readonly provider: string;
  /** Runtime and version, for example `onnxruntime-node 1.30.0`. */
  readonly runtime: string;
  /** `fp32`, or `int8`: weights and activations in 8 bits. */
  readonly precision: string;
  readonly threads: number;
  /** Items per run. */
  readonly batch: number;
}

/** The machine as it is now: stored with a device so that a reader can judge its figures. Null is what cannot be read. */
export interface MachineDescription {
  readonly cpuModel: string;
  readonly logicalCores: number;
  readonly architecture: string;
  readonly frequencyGovernor: string | null;
  readonly memoryBytes: number;
  readonly container: ContainerLimits;
  readonly os: string;
  readonly nodeVersion: string;
  readonly runtimeVersion: string;
  /** Over 1, 5 and 15 minutes; zeros where the system has none. */
  readonly loadAverage: readonly number[];
  readonly powerSource: string | null;
  readonly temperatureCelsius: number | null;
}

/** The target that this machine is for these settings. */
export function hardwareTarget({
  threads,
  batch,
  precision,
  provider,
}: Pick<
  HardwareTargetDescription,
  'threads' | 'batch' | 'precision' | 'provider'
>): HardwareTargetDescription {
  const runtime = `onnxruntime-node ${runtimeVersion()}`;
  return { processor: cpuModel(), provider, runtime, precision, threads, batch };
}

/** Reads the machine; never throws for what a system does not tell. */
export function describeMachine(): MachineDescription {
  return {
    cpuModel: cpuModel(),
    logicalCores: cpus().length,
    architecture: arch(),
    frequencyGovernor: frequencyGovernor(),
    memoryBytes: totalmem(),
    container: containerLimits(),
    os: `${platform()} ${release()}`,
    nodeVersion: process.version,
    runtimeVersion: runtimeVersion(),
    loadAverage: loadavg(),
    powerSource: powerSource(),
    temperatureCelsius: temperatureCelsius(),
  };
}

/** SHA-256 in hex of the target with its fields in a fixed order, so that equal targets have equal fingerprints. */
export function targetFingerprint(target: HardwareTargetDescription): string {
  const { processor, provider, runtime, precision, threads, batch } = target;
  return createHash('sha256')
    .update(JSON.stringify([processor, provider, runtime, precision, threads, batch]))
    .digest('hex');
}

/** Some virtual machines and ARM boards leave the model empty; the architecture is then all there is. */
function cpuModel(): string {
  const model = cpus()[0]?.model.replaceAll(/\s+/g, ' ').trim() ?? '';
  return model === '' || model === 'unknown' ? `${arch()} processor` : model;
}
