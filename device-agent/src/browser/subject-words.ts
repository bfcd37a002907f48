/** A lease's subject as a person would say it, counting from 1. Never throws: what it is not told it leaves out. */
export function subjectWords(subject: unknown): string {
  const fields = new Map<string, unknown>(Object.entries(subject ?? {}));
  const number = (name: string): number => Number(fields.get(name) ?? 0);
  switch (fields.get('kind')) {
    case 'BLOCK': {
      const block = `layer ${number('layer') + 1}, choice ${number('choice') + 1}`;
      const copies = number('copies');
      return copies > 1 ? `${block}, ${copies} copies in a row` : block;
    }
    case 'NETWORK':
      return 'a whole network';
    case 'WITHOUT':
      return `a whole network without layer ${number('layer') + 1}`;
    case 'KERNEL':
      return 'a kernel';
    case 'MODEL':
      return 'an uploaded model';
    default:
      return 'a model';
  }
}
