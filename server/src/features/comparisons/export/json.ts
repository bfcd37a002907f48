import { toGlobalId } from '../../../graphql/node-ids.js';
import type { Exported } from './exported.js';

/** Everything, with runs by their global ids. */
export function asJson({ name, createdAt, space, task, target, asked, result }: Exported): string {
  const { baseline, targetEvaluations, normalisation } = asked;
  const { groups, ...figures } = result;
  return `${JSON.stringify(
    {
      name,
      createdAt: createdAt.toISOString(),
      space: space.name,
      task: { name: task.name, dataset: task.dataset, metric: task.metric, unit: task.unit },
      target: { name: target.name, fingerprint: target.fingerprint },
      baseline,
      targetEvaluations,
      normalisation,
      ...figures,
      groups: groups.map(({ runIds, ...group }) => ({
        ...group,
        searchRunIds: runIds.map((id) => toGlobalId('SearchRun', id)),
      })),
    },
    null,
    2,
  )}\n`;
}
