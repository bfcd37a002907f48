import type { Principal } from '../graphql/context.js';

/** How the audit log names who did something. */
export function actorOf(principal: Principal): string {
  switch (principal.kind) {
    case 'VISITOR':
      return 'visitor';
    case 'USER':
      return `user:${principal.userId}`;
    case 'TOKEN':
      return `token:${principal.tokenId}`;
    case 'AGENT':
      return `agent:${principal.deviceId}`;
  }
}
