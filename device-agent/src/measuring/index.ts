export {
  DEFAULT_LIMITS,
  measureCampaign,
  type CampaignEvent,
  type CampaignLimits,
  type CampaignOptions,
  type CampaignResult,
  type CampaignSubject,
  type SubjectResult,
} from './campaign.js';
export { lockDevice, type DeviceLock, type LockOptions } from './device-lock.js';
export { watchLoad, type LoadReading, type LoadWatch, type QuietOptions } from './foreign-load.js';
export { measureSpace, type SpaceMeasurement } from './measure-space.js';
export { nodeDevice, type NodeDeviceOptions } from '../runtimes/node-device.js';
