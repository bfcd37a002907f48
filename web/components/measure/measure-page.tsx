'use client';

import { useEffect, useState } from 'react';
import { readAbilities, type Abilities } from './abilities';
import { MeasuringPanel } from './measuring-panel';
import { PairingForm } from './pairing-form';
import { usePageAgent } from './use-page-agent';

/** A phone or laptop as a device: first paired, then measuring for as long as the page stays open. */
export function MeasurePage({ code, assets }: { code: string; assets: string }) {
  const agent = usePageAgent(assets);
  const [abilities, setAbilities] = useState<Abilities | null>(null);
  useEffect(() => {
    setAbilities(readAbilities());
  }, []);
  const paired = agent.identity !== null;
  const pairing = !paired && agent.state !== null;
  return (
    <div className="mx-auto max-w-md">
      <h1 className="text-xl">Measure on this device</h1>
      <p className="mt-2 text-muted">
        Networks run here, one after another, and their times are sent to the team that gave you the code. The
        processor is busy all the while: keep the device plugged in, and this page in front.
      </p>
      {abilities?.missing ? (
        <p role="alert" className="mt-6 border-l-2 border-danger pl-4">
          {abilities.missing}
        </p>
      ) : null}
      {!agent.ready || !abilities || pairing ? (
        <p role="status" className="mt-8 text-muted">
          {pairing
            ? 'Pairing: the runtime is loaded first, some 15 MB.'
            : 'Looking at what this browser can do.'}
        </p>
      ) : paired ? (
        <MeasuringPanel agent={agent} />
      ) : (
        <>
          {agent.failure ? (
            <p role="alert" className="mt-6 border-l-2 border-danger pl-4">
              {agent.failure.message}
            </p>
          ) : null}
          <PairingForm code={code} abilities={abilities} onPair={(...given) => void agent.pair(...given)} />
        </>
      )}
    </div>
  );
}
