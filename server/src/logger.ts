import { pino, type Logger } from 'pino';

/** Structured lines on standard output; what could hold a secret is never written. */
export const createLogger = (name: string, level: string): Logger =>
  pino({
    name,
    level,
    redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.secret'],
  });
