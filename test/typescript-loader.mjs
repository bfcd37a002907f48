// Lets a child process of a test run TypeScript sources: `NODE_OPTIONS=--import <this file>`.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
