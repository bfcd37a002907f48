import { serveAgent, type WorkerPort } from '@espalier/device-agent/browser';

serveAgent(globalThis as unknown as WorkerPort);
