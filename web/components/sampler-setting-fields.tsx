import type { SearchChoicesQuery } from '@/graphql/generated/documents';
import { capitalised, settingWords } from './sampler-words';

type Sampler = SearchChoicesQuery['samplers'][number];
type Setting = Sampler['settings'][number];

/** The settings of a sampler; what is left empty is as the field says. */
export function SamplerSettingFields({ sampler }: { sampler: Sampler }) {
  return (
    <details>
      <summary className="cursor-pointer text-lg font-semibold">
        Settings of {sampler.name}{' '}
        <span className="text-sm font-normal text-muted">
          {sampler.settings.map(({ name }) => settingWords(name)).join(', ')}
        </span>
      </summary>
      <div className="mt-5 grid gap-x-8 gap-y-6 sm:grid-cols-2">
        {sampler.settings.map((setting) => (
          <label key={setting.name} className="grid content-start gap-1">
            <span>{capitalised(settingWords(setting.name))}</span>
            <SettingField setting={setting} />
            <span className="text-sm text-muted">{setting.meaning}</span>
          </label>
        ))}
      </div>
    </details>
  );
}

function SettingField({ setting }: { setting: Setting }) {
  const name = `setting.${setting.name}`;
  if (setting.kind === 'CHOICE')
    return (
      <select name={name} className="field" defaultValue="">
        <option value="">{setting.default.toLowerCase()}, unless chosen</option>
        {(setting.options ?? []).map((option) => (
          <option key={option} value={option}>
            {option.toLowerCase()}
          </option>
        ))}
      </select>
    );
  if (setting.kind === 'NUMBERS')
    return (
      <input
        name={name}
        className="field font-mono"
        placeholder={setting.default}
        pattern="[0-9.,\s]*"
        title="Numbers with commas between"
        spellCheck={false}
      />
    );
  return (
    <input
      name={name}
      type="number"
      inputMode="decimal"
      min={setting.least ?? undefined}
      max={setting.most ?? undefined}
      step={setting.kind === 'INTEGER' ? '1' : 'any'}
      placeholder={setting.default}
      className="field"
    />
  );
}
