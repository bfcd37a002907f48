import { env } from 'onnxruntime-node';

/** Version of the inference runtime that is loaded, for example `1.30.0`. */
export function runtimeVersion(): string {
  return env.versions.node ?? env.versions.common;
}
