import { Identity1 } from './0001-identity.js';
import { Spaces2 } from './0002-spaces.js';
import { Devices3 } from './0003-devices.js';
import { Profiles4 } from './0004-profiles.js';
import { Searches5 } from './0005-searches.js';
import { Leaderboards6 } from './0006-leaderboards.js';
import { PublishedReads7 } from './0007-published-reads.js';
import { Models8 } from './0008-models.js';
import { Tables9 } from './0009-tables.js';
import { ExternalTrials10 } from './0010-external-trials.js';
import { ComputedAccuracies11 } from './0011-computed-accuracies.js';
import { Architectures12 } from './0012-architectures.js';
import { SpaceBlocks13 } from './0013-space-blocks.js';
import { ProfilingMethods14 } from './0014-profiling-methods.js';
import { DeviceTargets15 } from './0015-device-targets.js';
import { GrantedPools16 } from './0016-granted-pools.js';
import { ProfileCards17 } from './0017-profile-cards.js';
import { SharedProfiles18 } from './0018-shared-profiles.js';
import { Samplers20 } from './0020-samplers.js';
import { Comparisons21 } from './0021-comparisons.js';

/** Every migration, oldest first. Append only: what has run somewhere is never edited. */
export const migrations = [
  Identity1,
  Spaces2,
  Devices3,
  Profiles4,
  Searches5,
  Leaderboards6,
  PublishedReads7,
  Models8,
  Tables9,
  ExternalTrials10,
  ComputedAccuracies11,
  Architectures12,
  SpaceBlocks13,
  ProfilingMethods14,
  DeviceTargets15,
  GrantedPools16,
  ProfileCards17,
  SharedProfiles18,
  Samplers20,
  Comparisons21,
];
export { APP_ROLE, QUEUE_ROLE } from './roles.js';
