export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // The tests look into answers of every shape; what they expect is what types them.
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly AnsweredError[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly requestId: string } & Readonly<
    Record<string, unknown>
  >;
}

export type Post = (
  query: string,
  variables?: Readonly<Record<string, unknown>>,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** Sends GraphQL to an address as any client would. */
export function postTo(url: string): Post {
  return async (query, variables = {}, headers = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as Partial<Answer>;
    return {
      status: response.status,
      headers: response.headers,
      data: body.data,
      errors: body.errors ?? [],
      extensions: body.extensions ?? {},
    };
  };
}

export const bearer = (secret: string, team?: string): Record<string, string> => ({
  authorization: `Bearer ${secret}`,
  ...(team === undefined ? {} : { 'x-espalier-team': team }),
});
