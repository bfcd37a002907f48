'use client';

import { useEffect, useState } from 'react';
import type { HeatLayer } from '../block-heat-map';
import { EmptyState } from '../empty-state';
import { FailureLine } from '../failure-line';
import { AdvicePanel } from './advice-panel';
import { ChoiceMap } from './choice-map';
import { ChoiceTable } from './choice-table';
import { CreateForm } from './create-form';
import type { NamedSource } from './form-fields';
import { PreviewFigures } from './preview-figures';
import { needsAccuracy, pruningInput, writePruneView, type PruneView } from './prune-view';
import { RuleForm } from './rule-form';
import { usePreview } from './use-preview';

interface PruneExplorerProps {
  /** `team/space`. */
  address: string;
  version: string;
  /** In the order of the encoding. */
  layers: readonly HeatLayer[];
  profiles: readonly NamedSource[];
  sources: readonly NamedSource[];
  initial: PruneView;
  usual: PruneView;
  /** Whether the reader may make a version of this space. */
  mayCreate: boolean;
}

/** A rule on the left, what it would do on the right, live; nothing is stored before one says so. */
export function PruneExplorer(props: PruneExplorerProps) {
  const { version, layers, profiles, sources, usual, address } = props;
  const [view, setView] = useState(() => whole(props.initial, layers));
  const missing = missingFor(view, profiles, sources, address);
  const asked = {
    ...view,
    profile: view.profile ?? profiles[0]?.id ?? null,
    source: view.source ?? sources[0]?.id ?? null,
  };
  const input = pruningInput(asked, version);
  const { preview, failure, pending, slow } = usePreview(missing ? null : input);

  useEffect(() => {
    // Without the router: the page is not to be loaded anew for each step of a slider.
    history.replaceState(null, '', `${location.pathname}${writePruneView(view, usual)}`);
  }, [view, usual]);

  const change = (next: PruneView): void => {
    // By hand one goes on from what the last rule kept.
    const begun = next.rule === 'MANUAL' && view.rule !== 'MANUAL' && preview;
    setView(begun ? { ...next, kept: preview.layers.map(({ kept }) => [...kept]) } : whole(next, layers));
  };
  const toggle = (layer: number, choice: number): void =>
    setView((before) => ({
      ...before,
      kept: (before.kept ?? []).map((kept, at) => (at === layer ? toggled(kept, choice) : kept)),
    }));

  return (
    <div className="grid grid-cols-1 gap-12 lg:grid-cols-[280px_minmax(0,1fr)]">
      <section aria-label="Choose a rule">
        <RuleForm
          view={view}
          profiles={profiles}
          sources={sources}
          chosenRatio={view.ratio === null && preview ? (preview.ratio ?? null) : null}
          onChange={change}
        />
      </section>
      <section aria-label="What it would do" aria-busy={pending} className="relative">
        <Waiting slow={slow} learns={needsAccuracy(view)} />
        {missing}
        {failure ? (
          <div className="mb-6">
            <FailureLine failure={failure} />
          </div>
        ) : null}
        {preview && !missing ? (
          <div className={pending || failure ? 'opacity-60 transition-opacity' : 'transition-opacity'}>
            <PreviewFigures preview={preview} />
            <h2 className="mb-4 text-lg">What stays</h2>
            <ChoiceMap
              layers={layers}
              preview={preview}
              {...(view.rule === 'MANUAL' && { onToggle: toggle })}
            />
            <ChoiceTable layers={layers} preview={preview} />
            <p className="mt-6 max-w-[80ch] text-sm text-muted">{preview.explanation}</p>
          </div>
        ) : null}
        {!preview && !missing && !failure ? <PreviewSkeleton /> : null}
        {props.mayCreate && !missing ? (
          <CreateForm input={input} address={address} ready={preview !== null && !pending && !failure} />
        ) : null}
        {profiles.length > 0 && sources[0] ? (
          <AdvicePanel
            question={{
              spaceVersionId: version,
              deviceProfileId: asked.profile,
              accuracySourceId: asked.source ?? sources[0].id,
              evaluationCount: view.evaluations,
              seed: view.seed,
            }}
            onUse={(rule) => change({ ...view, rule })}
          />
        ) : null}
      </section>
    </div>
  );
}

/** A view whose hand-made choices fit the layers. */
function whole(view: PruneView, layers: readonly HeatLayer[]): PruneView {
  if (view.rule !== 'MANUAL') return view;
  const fits = view.kept?.length === layers.length;
  return fits ? view : { ...view, kept: layers.map(({ choices }) => choices.map(({ index }) => index)) };
}

function toggled(kept: readonly number[], choice: number): number[] {
  if (!kept.includes(choice)) return [...kept, choice].sort((a, b) => a - b);
  // A layer keeps at least one.
  return kept.length === 1 ? [...kept] : kept.filter((each) => each !== choice);
}

/** What has to be there before the rule can be asked, and how to get it. */
function missingFor(
  view: PruneView,
  profiles: readonly NamedSource[],
  sources: readonly NamedSource[],
  address: string,
) {
  if (view.rule === 'RANDOM' || view.rule === 'MANUAL') return null;
  if (profiles.length === 0)
    return (
      <EmptyState title="This rule needs a device profile" command={`espalier profile start ${address}`}>
        Profile the space on a device of your team; by hand or at random it can be pruned without.
      </EmptyState>
    );
  if (needsAccuracy(view) && sources.length === 0)
    return (
      <EmptyState
        title="This rule learns from evaluated networks"
        command={`espalier accuracy upload FILE --space ${address} --task TASK --accuracy COLUMN`}
      >
        Give the space a table of accuracies or a predictor. Parameters per latency needs none.
      </EmptyState>
    );
  return null;
}

function Waiting({ slow, learns }: { slow: boolean; learns: boolean }) {
  return (
    <p role="status" className="absolute -top-8 text-sm text-muted">
      {slow ? (
        <>
          {learns ? 'Evaluating networks and asking the rule…' : 'Asking the rule…'}
          <span className="indeterminate mt-1" aria-hidden="true" />
        </>
      ) : null}
    </p>
  );
}

function PreviewSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <div className="mb-8 flex flex-wrap gap-10">
        {[0, 1, 2, 3, 4].map((at) => (
          <div key={at} className="skeleton h-14 w-24" />
        ))}
      </div>
      <div className="skeleton h-[420px] max-w-xl" />
    </div>
  );
}
