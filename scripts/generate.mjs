// Generates schema.graphql (the public contract), the server's resolver types, and typed documents for each client.
// `--check` fails instead of writing when the committed schema.graphql is stale.
import { readFileSync, writeFileSync, mkdirSync, readdirSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import * as operations from '@graphql-codegen/typescript-operations';
import * as documents from '@graphql-codegen/typed-document-node';
import { parse, printSchema, buildASTSchema, concatAST, lexicographicSortSchema } from 'graphql';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');

const files = (dir, end) =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, encoding: 'utf8' })
        .filter((f) => f.endsWith(end) && !f.includes('node_modules'))
        .sort()
        .map((f) => join(dir, f))
    : [];

const write = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
};

const sdl = files(join(root, 'server/src'), '.graphql').map((f) => readFileSync(f, 'utf8'));
const source = concatAST(sdl.map((text) => parse(text)));
const schema = buildASTSchema(mergeExtensions(source));
const printed = printSchema(lexicographicSortSchema(schema)) + '\n';
const contract = join(root, 'schema.graphql');
if (check) {
  if (!existsSync(contract) || readFileSync(contract, 'utf8') !== printed) {
    console.error('schema.graphql is stale: run `npm run generate` and commit it.');
    process.exit(1);
  }
} else write(contract, printed);
const schemaAst = parse(printed);

const scalars = { DateTime: 'string', BigInt: 'string', UUID: 'string', JSON: 'unknown', ID: 'string' };
const shared = {
  scalars,
  useTypeImports: true,
  enumsAsTypes: true,
  strictScalars: true,
  emitLegacyCommonJSImports: false,
  importExtension: '.js',
  avoidOptionals: false,
  immutableTypes: false,
};

write(
  join(root, 'server/src/graphql/generated/resolvers.ts'),
  await codegen({
    schema: schemaAst,
    documents: [],
    filename: 'resolvers.ts',
    config: {
      ...shared,
      contextType: '../context.js#RequestContext',
      mappers: readMappers(),
      inputMaybeValue: 'T | null | undefined',
      defaultMapper: '',
    },
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
  }),
);
write(
  join(root, 'server/src/graphql/generated/type-defs.ts'),
  `/** The whole schema as text, so that a build needs no .graphql files beside it. */\nexport const typeDefs = ${JSON.stringify(printed)};\n`,
);

for (const client of ['web', 'device-agent', 'cli', 'test']) {
  const paths = files(join(root, client, 'graphql'), '.graphql');
  if (paths.length === 0) continue;
  const docs = paths.map((location) => ({ location, document: parse(readFileSync(location, 'utf8')) }));
  const folder =
    client === 'device-agent' || client === 'cli'
      ? join(root, client, 'src/graphql/generated')
      : join(root, client, 'graphql/generated');
  const text = await codegen({
    schema: schemaAst,
    documents: docs,
    filename: 'documents.ts',
    config: { ...shared, documentMode: 'string', onlyOperationTypes: true, skipTypename: true },
    plugins: [{ operations: {} }, { documents: {} }],
    pluginMap: { operations, documents },
  });
  write(join(folder, 'documents.ts'), text);
}

/** `extend type` blocks become one definition, so that the printed schema reads as one file. */
function mergeExtensions(document) {
  const byName = new Map();
  const definitions = [];
  for (const d of document.definitions) {
    if (d.kind === 'ObjectTypeDefinition') {
      const copy = { ...d, fields: [...(d.fields ?? [])] };
      byName.set(d.name.value, copy);
      definitions.push(copy);
    } else if (d.kind !== 'ObjectTypeExtension') definitions.push(d);
  }
  for (const d of document.definitions)
    if (d.kind === 'ObjectTypeExtension') {
      const target = byName.get(d.name.value);
      if (!target) throw new Error(`extend type ${d.name.value}: no such type`);
      target.fields.push(...(d.fields ?? []));
    }
  return { ...document, definitions };
}

/** server/src/graphql/mappers.json: GraphQL type -> "module#Type" of the row that resolvers pass on. */
function readMappers() {
  const path = join(root, 'server/src/graphql/mappers.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}
