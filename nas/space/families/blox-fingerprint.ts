import { md5 } from '../md5.js';
import type { BloxStageVector } from './blox.js';

/**
 * The graph hash by which the published BLOX dataset names a network, from its vectors, canonical or not: equal graphs have
 * equal hashes. Null when no path leads from the input to the output (Chau et al. 2022, released code).
 */
export function bloxFingerprint(stages: readonly BloxStageVector[]): string | null {
  const graph = liveGraph(stages);
  if (graph.size === 0) return null;
  let hashes = new Map(
    [...graph].map(([node, { label, from, to }]) => [
      node,
      md5(`(${float(to)}, ${float(from)}, ${String(label)})`),
    ]),
  );
  for (let round = 0; round < graph.size; round++) {
    const sorted = (nodes: readonly string[]): string =>
      nodes
        .map((node) => hashes.get(node) ?? '')
        .sort()
        .join('');
    hashes = new Map(
      [...graph].map(([node, { from, to }]) => [
        node,
        md5(`${sorted(from)}|${sorted(to)}|${hashes.get(node) ?? ''}`),
      ]),
    );
  }
  const list = [...hashes.values()].sort().map((hash) => `'${hash}'`);
  return md5(`[${list.join(', ')}]`);
}

interface Node {
  readonly label: number;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Nodes between input and output, with the edges among them. */
function liveGraph(stages: readonly BloxStageVector[]): Map<string, Node> {
  const labels = new Map<string, number>([['input', -1]]);
  const edges: (readonly [string, string])[] = [];
  let entry = 'input';
  stages.forEach(([[first], [second, prev, inp, sc]], stage) => {
    const [one, two, reduction] = ['first', 'second', 'reduction'].map((part) => `${part}${String(stage)}`);
    if (one === undefined || two === undefined || reduction === undefined) return;
    labels
      .set(one, first + 4 * stage)
      .set(two, second + 4 * stage)
      .set(reduction, 3 + 4 * stage);
    edges.push([entry, one], [two, reduction]);
    if (prev === 1) edges.push([one, two]);
    if (inp === 1) edges.push([entry, two]);
    if (sc === 1) edges.push([one, reduction]);
    entry = reduction;
  });
  labels.set('output', -2);
  edges.push([entry, 'output']);
  const forward = reachable('input', edges);
  const backward = reachable(
    'output',
    edges.map(([from, to]) => [to, from]),
  );
  const live = new Set([...forward].filter((node) => backward.has(node)));
  const among = edges.filter(([from, to]) => live.has(from) && live.has(to));
  return new Map(
    [...labels].flatMap(([node, label]): [string, Node][] => {
      if (!live.has(node)) return [];
      const from = among.flatMap(([source, target]) => (target === node ? [source] : []));
      const to = among.flatMap(([source, target]) => (source === node ? [target] : []));
      return [[node, { label, from, to }]];
    }),
  );
}

function reachable(start: string, edges: readonly (readonly [string, string])[]): Set<string> {
  const found = new Set([start]);
  for (const node of found) for (const [from, to] of edges) if (from === node) found.add(to);
  return found;
}

/** A degree as Python prints it. */
function float(nodes: readonly string[]): string {
  return `${String(nodes.length)}.0`;
}
