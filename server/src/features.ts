import type { Feature, NodeReaders } from './graphql/feature.js';
import type { Platform } from './platform/platform.js';
import { accuracyFeature } from './features/accuracy/index.js';
import { comparisonsFeature } from './features/comparisons/index.js';
import { devicesFeature } from './features/devices/index.js';
import { leaderboardsFeature } from './features/leaderboards/index.js';
import { modelsFeature, uploadedModels } from './features/models/index.js';
import { profilesFeature } from './features/profiles/index.js';
import { pruningFeature } from './features/pruning/index.js';
import { searchesFeature } from './features/searches/index.js';
import { spacesFeature } from './features/spaces/index.js';
import { teamsFeature } from './features/teams/index.js';
import { uploadsFeature } from './features/uploads/index.js';

/** Every feature, each given those it stands on. */
export function features(platform: Platform): readonly Feature[] {
  const nodes = (): NodeReaders => Object.assign({}, ...all.map((feature) => feature.nodes));
  const accuracy = accuracyFeature(platform);
  const spaces = spacesFeature(platform, accuracy.trainedWeightsOf, uploadedModels(platform));
  const profiles = profilesFeature(platform);
  const all: readonly Feature[] = [
    teamsFeature(nodes),
    spaces,
    modelsFeature(platform),
    accuracy,
    uploadsFeature(platform),
    devicesFeature(platform),
    profiles,
    pruningFeature(platform, accuracy.answersOf),
    searchesFeature(platform, accuracy),
    comparisonsFeature(platform, accuracy.lookupOf),
    leaderboardsFeature(platform),
  ];
  return all;
}
