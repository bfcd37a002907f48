import { ComparisonExportDocument, type ComparisonFormat } from '@/graphql/generated/documents';
import { ask, failureResponse, isMissing } from '@/server/api';
import { attachment } from '@/server/download';
import { pathParameter } from '@/server/leaderboard';

const FORMATS: Readonly<Record<string, ComparisonFormat>> = {
  csv: 'CSV',
  json: 'JSON',
  md: 'MARKDOWN',
  tex: 'LATEX',
};

/** The figures of a comparison as a file: `format` is csv, json, md or tex. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/comparisons/[id]/export'>,
): Promise<Response> {
  const format = FORMATS[new URL(request.url).searchParams.get('format') ?? 'csv'];
  if (!format) return new Response('format is csv, json, md or tex.', { status: 400 });
  const answer = await ask(ComparisonExportDocument, { id: pathParameter((await params).id), format });
  if (!answer.ok)
    return isMissing(answer.failure) ? new Response(null, { status: 404 }) : failureResponse(answer.failure);
  const node = answer.data.node;
  if (node?.__typename !== 'Comparison') return new Response(null, { status: 404 });
  const { fileName, mediaType, content } = node.export;
  return new Response(content, { headers: { 'content-type': mediaType, ...attachment(fileName) } });
}
