export {
  describeMachine,
  hardwareTarget,
  targetFingerprint,
  type HardwareTargetDescription,
  type MachineDescription,
} from './machine.js';
export type { ContainerLimits } from './container-limits.js';
