export { createGate, type Closed, type Gate } from './gate.js';
export type { AgentSettings, AgentState, FromWorker, PageFacts, PageIdentity, ToWorker } from './messages.js';
export { agentOperations } from './operations.js';
export { gpuAdapter, loadRuntime, type Provider, type RuntimeSettings, type WebRuntime } from './runtime.js';
export { serveAgent, type WorkerPort } from './serve-agent.js';
export { timerResolutionMs, timeRuns } from './timer.js';
export { webDevice, type WebDeviceOptions } from './web-device.js';
