'use client';

import type {
  AgentSettings,
  Closed,
  FromWorker,
  PageIdentity,
  ToWorker,
} from '@espalier/device-agent/browser';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { agentView, NOBODY, type AgentView } from './agent-view';
import { readPageFacts } from './page-facts';
import { forgetIdentity, keepIdentity, keptIdentity } from './page-identity';
import { useVisible, useWakeLock } from './use-attention';

export interface PageAgent extends AgentView {
  /** False until the browser was asked for what it keeps. */
  readonly ready: boolean;
  readonly paused: boolean;
  readonly awake: boolean;
  pair(code: string, name: string, settings: AgentSettings): Promise<void>;
  /** Begins again with the identity that is kept. */
  measure(identity: PageIdentity): Promise<void>;
  pause(paused: boolean): void;
  /** Ends the agent and forgets who it was. */
  disconnect(): void;
}

/** Runs the agent in a worker for as long as the page is open, and says what it does. `assets`: address of the runtime's folder. */
export function usePageAgent(assets: string): PageAgent {
  const [view, tell] = useReducer(agentView, NOBODY);
  const [ready, setReady] = useState(false);
  const [paused, setPaused] = useState(false);
  const worker = useRef<Worker | null>(null);
  const visible = useVisible();
  const awake = useWakeLock(view.state !== null && !paused && visible);
  const closed: Closed | null = paused ? 'PAUSED' : visible ? null : 'HIDDEN';
  const gate = useRef(closed);

  const end = useCallback(() => {
    worker.current?.terminate();
    worker.current = null;
  }, []);

  const begin = useCallback(
    (identity: PageIdentity | null, first: ToWorker) => {
      end();
      tell({ kind: 'BEGUN', identity });
      const started = new Worker(new URL('../../app/measure/agent-worker.ts', import.meta.url), {
        type: 'module',
        name: 'espalier-agent',
      });
      worker.current = started;
      started.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === 'PAIRED') keepIdentity(data.identity);
        if (data.kind === 'ENDED') end();
        if (data.kind === 'ENDED' && data.code === 'UNAUTHENTICATED') forgetIdentity();
        tell(data);
      };
      started.onerror = () => {
        end();
        tell({ kind: 'ENDED', code: null, message: 'The measuring program could not be loaded.' });
      };
      const send = (message: ToWorker) => started.postMessage(message);
      send({ kind: 'GATE', closed: gate.current });
      send(first);
    },
    [end],
  );

  const address = useCallback(() => new URL(assets, location.origin).href, [assets]);
  const measure = useCallback(
    async (identity: PageIdentity) => {
      const facts = await readPageFacts();
      begin(identity, { kind: 'MEASURE', identity, facts, assets: address() });
    },
    [begin, address],
  );

  useEffect(() => {
    gate.current = closed;
    worker.current?.postMessage({ kind: 'GATE', closed } satisfies ToWorker);
  }, [closed]);

  useEffect(() => {
    const identity = keptIdentity();
    const begun = identity ? measure(identity) : Promise.resolve();
    let left = false;
    void begun.then(() => (left ? end() : setReady(true)));
    return () => {
      left = true;
      end();
    };
  }, [measure, end]);

  return {
    ...view,
    ready,
    paused,
    awake,
    measure,
    pair: async (code, name, settings) => {
      const facts = await readPageFacts();
      setPaused(false);
      begin(null, { kind: 'PAIR', code, name, settings, facts, assets: address() });
    },
    pause: setPaused,
    disconnect: () => {
      end();
      forgetIdentity();
      setPaused(false);
      tell({ kind: 'FORGOTTEN' });
    },
  };
}
