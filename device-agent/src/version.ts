/** Reported with every registration; part of how a result is traced. */
export const AGENT_VERSION = '0.1.0';
