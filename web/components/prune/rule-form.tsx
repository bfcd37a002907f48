import type { PruningRule, PruningScope } from '@/graphql/generated/documents';
import { ruleNames } from '../rule-name';
import { Choose, Labelled, Slider, Whole, type NamedSource } from './form-fields';
import { LAMBDA_STEPS, lambdaAt, stepOfLambda } from './lambda-scale';
import { isCombination, needsAccuracy, PART_RULES, takesRatio, uses, type PruneView } from './prune-view';
import { ruleWords } from './rule-words';

interface RuleFormProps {
  view: PruneView;
  profiles: readonly NamedSource[];
  sources: readonly NamedSource[];
  /** The ratio that the server chose, while it chooses. */
  chosenRatio: number | null;
  onChange: (view: PruneView) => void;
}

const ORDER: readonly PruningRule[] = [...PART_RULES, 'INTERSECTION', 'UNION', 'RANDOM', 'MANUAL'];

/** Which rule, and what it is asked. */
export function RuleForm({ view, profiles, sources, chosenRatio, onChange }: RuleFormProps) {
  const set = (part: Partial<PruneView>): void => onChange({ ...view, ...part });
  const learns = needsAccuracy(view);
  return (
    <div className="grid gap-7">
      <div className="grid gap-2">
        <Labelled label="Rule">
          <select
            className="field"
            value={view.rule}
            onChange={(event) => {
              const rule = ORDER.find((each) => each === event.target.value) ?? view.rule;
              // There is nothing to choose the control's ratio by.
              set({ rule, ...(rule === 'RANDOM' && view.ratio === null && { ratio: 0.7 }) });
            }}
          >
            {ORDER.map((rule) => (
              <option key={rule} value={rule}>
                {ruleNames[rule]}
              </option>
            ))}
          </select>
        </Labelled>
        <p className="text-sm text-muted">{ruleWords[view.rule]}</p>
      </div>
      {isCombination(view.rule) ? <Parts view={view} set={set} /> : null}
      {takesRatio(view) ? (
        <Ratio view={view} set={set} chosen={chosenRatio} canChoose={sources.length > 0} />
      ) : null}
      {uses(view, 'EFFICIENCY') ? <Scope value={view.scope} set={set} /> : null}
      {uses(view, 'BASE_NETWORK_COST') ? (
        <Slider
          label="λ, how much latency counts"
          value={stepOfLambda(view.lambda)}
          max={LAMBDA_STEPS}
          text={String(view.lambda)}
          ends={['accuracy only', 'latency first']}
          onChange={(step) => set({ lambda: lambdaAt(step) })}
        />
      ) : null}
      {uses(view, 'EFFECT_OUTLIERS') ? (
        <Slider
          label="Depth may cost"
          value={Math.round(view.depthFactor * 10)}
          min={10}
          max={50}
          text={`${view.depthFactor.toFixed(1)} × the median`}
          onChange={(tenths) => set({ depthFactor: tenths / 10 })}
        />
      ) : null}
      {learns || uses(view, 'RANDOM') ? (
        <div className="grid grid-cols-2 gap-4">
          {learns ? (
            <Whole
              label="Networks to evaluate"
              value={view.evaluations}
              min={20}
              max={5000}
              onChange={(evaluations) => set({ evaluations })}
            />
          ) : null}
          <Whole
            label="Seed"
            value={view.seed}
            min={0}
            max={2_147_483_647}
            onChange={(seed) => set({ seed })}
          />
        </div>
      ) : null}
      <Choose
        label="Latencies of"
        value={view.profile}
        options={profiles}
        none="no device profile"
        onChange={(profile) => set({ profile })}
      />
      <Choose
        label="Accuracies of"
        value={view.source}
        options={sources}
        none="no table or predictor"
        onChange={(source) => set({ source })}
      />
    </div>
  );
}

type SetView = (part: Partial<PruneView>) => void;

function Parts({ view, set }: { view: PruneView; set: SetView }) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-sm text-muted">Rules, at least two</legend>
      {PART_RULES.map((rule) => {
        const isIn = view.parts.includes(rule);
        return (
          <label key={rule} className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              className="accent-(--leaf)"
              checked={isIn}
              disabled={isIn && view.parts.length <= 2}
              onChange={() =>
                set({
                  parts: PART_RULES.filter((each) => (each === rule ? !isIn : view.parts.includes(each))),
                })
              }
            />
            {ruleNames[rule]}
          </label>
        );
      })}
    </fieldset>
  );
}

function Ratio({
  view,
  set,
  chosen,
  canChoose,
}: {
  view: PruneView;
  set: SetView;
  chosen: number | null;
  canChoose: boolean;
}) {
  const shown = view.ratio ?? chosen;
  const text = shown === null ? 'chosen' : `${Math.round(shown * 100)} %`;
  return (
    <div className="grid gap-3">
      <Slider
        label="Choices to remove"
        value={Math.round((shown ?? 0.5) * 100)}
        max={99}
        text={view.ratio === null && shown !== null ? `${text}, chosen` : text}
        ends={['none', 'nearly all']}
        onChange={(percent) => set({ ratio: percent / 100 })}
      />
      {view.rule === 'RANDOM' || !canChoose ? null : (
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="accent-(--leaf)"
            checked={view.ratio === null}
            onChange={() => set({ ratio: view.ratio === null ? (chosen ?? 0.7) : null })}
          />
          Choose the ratio for me
        </label>
      )}
    </div>
  );
}

const SCOPES: readonly (readonly [PruningScope, string])[] = [
  ['LAYER', 'each layer'],
  ['SHARED', 'same in all'],
  ['GLOBAL', 'all layers'],
];

function Scope({ value, set }: { value: PruningScope; set: SetView }) {
  return (
    <div role="group" aria-label="What parameters per latency ranks together" className="grid gap-2">
      <span className="text-sm text-muted">Ranked together</span>
      <span className="flex flex-wrap gap-2">
        {SCOPES.map(([scope, name]) => (
          <button
            key={scope}
            type="button"
            className="chip"
            aria-pressed={scope === value}
            onClick={() => set({ scope })}
          >
            {name}
          </button>
        ))}
      </span>
    </div>
  );
}
