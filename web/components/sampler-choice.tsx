import type { SearchChoicesQuery } from '@/graphql/generated/documents';
import { capitalised } from './sampler-words';

type Sampler = SearchChoicesQuery['samplers'][number];

interface SamplerChoiceProps {
  samplers: readonly Sampler[];
  chosen: Sampler['kind'];
  onChoose: (kind: Sampler['kind']) => void;
}

/** Every sampler with what it does, one of them chosen. */
export function SamplerChoice({ samplers, chosen, onChoose }: SamplerChoiceProps) {
  return (
    <fieldset>
      <legend className="mb-4 text-lg font-semibold">Sampler</legend>
      <div className="grid border-t border-hairline sm:grid-cols-2 sm:gap-x-10">
        {samplers.map(({ kind, name, summary }) => (
          <label
            key={kind}
            className="flex cursor-pointer items-baseline gap-3 border-b border-hairline py-3"
          >
            <input
              type="radio"
              name="sampler"
              value={kind}
              checked={kind === chosen}
              onChange={() => onChoose(kind)}
              className="shrink-0 accent-(--leaf)"
            />
            <span>
              <span className={kind === chosen ? 'font-semibold' : ''}>{capitalised(name)}</span>
              <span className="block text-sm text-muted">{summary}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
