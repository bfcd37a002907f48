'use client';

import { useRef, useState } from 'react';
import type {
  PruningAdviceQuery,
  PruningAdviceQueryVariables,
  PruningRule,
} from '@/graphql/generated/documents';
import type { Failure } from '@/server/api';
import { FailureLine } from '../failure-line';
import { plural } from '../quantity';
import { ruleNames } from '../rule-name';
import { postJson } from './use-preview';

type Advice = PruningAdviceQuery['pruningAdvice'];
type RuleAdvice = Advice['rules'][number];

interface AdvicePanelProps {
  question: PruningAdviceQueryVariables;
  onUse: (rule: PruningRule) => void;
}

/** Which rule to trust before a long search: asked for, because it evaluates networks. */
export function AdvicePanel({ question, onUse }: AdvicePanelProps) {
  const [advice, setAdvice] = useState<Advice | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [pending, setPending] = useState(false);
  const asked = useRef<AbortController | null>(null);
  const ask = async (): Promise<void> => {
    asked.current?.abort();
    const abort = new AbortController();
    asked.current = abort;
    setPending(true);
    const answer = await postJson<Advice>(
      '/api/spaces/pruning-advice',
      JSON.stringify(question),
      abort.signal,
    );
    if (answer === null) return;
    setPending(false);
    setFailure('failure' in answer ? answer.failure : null);
    if ('data' in answer) setAdvice(answer.data);
  };
  return (
    <section className="mt-14" aria-labelledby="advice">
      <h2 id="advice" className="text-lg">
        {advice?.recommended ? `Trust ${ruleNames[advice.recommended]} here` : 'Which rule to trust'}
      </h2>
      <p className="mb-4 mt-1 max-w-[80ch] text-sm text-muted">
        {advice
          ? `Judged by ${plural(advice.evaluationCount, 'evaluated network')}, base networks among them. A rule that orders choices well may still cut too deep: how much of the frontier a ratio takes is above.`
          : `A pilot of ${plural(question.evaluationCount, 'random network')} and the space’s base networks says how far each rule’s scores agree with what is seen.`}
      </p>
      {advice ? <AdviceTable advice={advice} onUse={onUse} /> : null}
      {failure ? <FailureLine failure={failure} /> : null}
      <button
        type="button"
        className="button button-quiet mt-4"
        disabled={pending}
        onClick={() => void ask()}
      >
        {pending ? 'Evaluating the pilot…' : advice ? 'Ask again' : 'Ask a pilot'}
      </button>
    </section>
  );
}

const VERDICTS: Record<RuleAdvice['verdict'], string> = {
  TRUST: 'to be trusted',
  UNCERTAIN: 'not told from chance',
  DISTRUST: 'misleads here',
  UNKNOWN: 'could not be asked',
};

function AdviceTable({ advice, onUse }: { advice: Advice; onUse: (rule: PruningRule) => void }) {
  return (
    <div className="table-scroll" role="region" aria-label="Rules held against the pilot" tabIndex={0}>
      <table className="plain-table rows-middle">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">ρ with accuracy, 95 %</th>
            <th scope="col">ρ with non-domination, 95 %</th>
            <th scope="col">Verdict</th>
            <th scope="col">
              <span className="sr-only">Use</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {advice.rules.map((each) => (
            <tr key={each.rule} title={each.reason}>
              <th scope="row" className="whitespace-nowrap">
                {ruleNames[each.rule]}
              </th>
              <td>
                <Interval of={each.accuracy} />
              </td>
              <td>
                <Interval of={each.nonDomination} />
              </td>
              <td
                className={`whitespace-nowrap ${each.rule === advice.recommended ? 'font-semibold text-leaf' : 'text-muted'}`}
              >
                {VERDICTS[each.verdict]}
              </td>
              <td className="number">
                {each.rule === 'RANDOM' || each.verdict === 'UNKNOWN' ? null : (
                  <button type="button" className="chip" onClick={() => onUse(each.rule)}>
                    Use<span className="sr-only"> {ruleNames[each.rule]}</span>
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <details className="mt-3">
        <summary className="text-sm text-muted">In words</summary>
        <p className="mt-2 max-w-[80ch] text-sm text-muted">{advice.recommendation}</p>
      </details>
    </div>
  );
}

/** A correlation as a dot on its interval, from −1 to 1, with the number beside it. */
function Interval({ of }: { of: RuleAdvice['accuracy'] }) {
  if (!of) return <span className="text-muted">–</span>;
  const at = (value: number): number => 50 + 46 * value;
  const figure = (value: number): string => value.toFixed(2).replace('-', '−');
  return (
    <span className="flex items-center gap-3 whitespace-nowrap">
      <svg viewBox="0 0 100 16" className="h-4 w-24 shrink-0" aria-hidden="true">
        <line x1={50} x2={50} y1={1} y2={15} stroke="var(--hairline)" strokeWidth={1.5} />
        <line x1={at(of.low)} x2={at(of.high)} y1={8} y2={8} stroke="var(--muted)" strokeWidth={2} />
        <circle cx={at(of.value)} cy={8} r={4} fill="var(--leaf)" />
      </svg>
      <span>
        {figure(of.value)}{' '}
        <span className="text-xs text-muted">
          {figure(of.low)} to {figure(of.high)}
        </span>
      </span>
    </span>
  );
}
