import 'server-only';
import { cache } from 'react';
import { ViewerDocument, type ViewerQuery } from '@/graphql/generated/documents';
import { ask } from './api';

export type Viewer = ViewerQuery['viewer'];

const visitor: Viewer = { role: null, team: null, teams: [], user: null };

/** Who is looking, asked once a request; a visitor when the API cannot say. */
export const readViewer = cache(async (): Promise<Viewer> => {
  const answer = await ask(ViewerDocument, {});
  return answer.ok ? answer.data.viewer : visitor;
});
