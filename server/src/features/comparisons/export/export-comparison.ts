import type { ComparisonFormat, ExportedComparison } from '../../../graphql/generated/resolvers.js';
import { EspalierError } from '../../../platform/errors.js';
import type { ComparisonRow } from '../entities.js';
import { requestOf, resultOf } from '../stored-result.js';
import { asCsv } from './csv.js';
import type { Exported } from './exported.js';
import { asJson } from './json.js';
import { asLatex } from './latex.js';
import { asMarkdown } from './markdown.js';

type Subject = Pick<Exported, 'space' | 'task' | 'target'> & { readonly comparison: ComparisonRow };

const FORMATS: Readonly<
  Record<ComparisonFormat, { end: string; mediaType: string; write: (exported: Exported) => string }>
> = {
  CSV: { end: 'csv', mediaType: 'text/csv; charset=utf-8', write: asCsv },
  JSON: { end: 'json', mediaType: 'application/json', write: asJson },
  MARKDOWN: { end: 'md', mediaType: 'text/markdown; charset=utf-8', write: asMarkdown },
  LATEX: { end: 'tex', mediaType: 'application/x-tex; charset=utf-8', write: asLatex },
};

/** The figures as a file; CONFLICT until they are computed. */
export function exportComparison(
  { comparison, space, task, target }: Subject,
  format: ComparisonFormat,
): ExportedComparison {
  if (comparison.status !== 'SUCCEEDED')
    throw new EspalierError(
      'CONFLICT',
      `The comparison is ${comparison.status}; it has no figures to export.`,
    );
  const { end, mediaType, write } = FORMATS[format];
  const { name, createdAt } = comparison;
  const result = resultOf(comparison);
  return {
    fileName: `${fileStem(name)}.${end}`,
    mediaType,
    content: write({ name, createdAt, space, task, target, asked: requestOf(comparison), result }),
  };
}

const fileStem = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'comparison';
