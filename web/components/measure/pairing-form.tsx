'use client';

import type { AgentSettings, Provider } from '@espalier/device-agent/browser';
import { useState, type FormEvent } from 'react';
import { plural } from '@/components/quantity';
import { readGpu, suggestedName, type Abilities } from './abilities';

interface PairingFormProps {
  readonly code: string;
  readonly abilities: Abilities;
  readonly onPair: (code: string, name: string, settings: AgentSettings) => void;
}

/** Asks for the code and for what the device is called; what it measures with is chosen already. */
export function PairingForm({ code, abilities, onPair }: PairingFormProps) {
  const [provider, setProvider] = useState<Provider>('wasm');
  /** Undefined until it was asked for: some browsers complain on their console when there is none. */
  const [gpu, setGpu] = useState<string | null>();
  const [name] = useState(suggestedName);
  const { threads, webgpu, missing } = abilities;
  const chooseGpu = () => {
    setProvider('webgpu');
    void readGpu().then(setGpu);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (field: string) => String(form.get(field) ?? '').trim();
    onPair(text('code'), text('name'), {
      provider,
      threads: provider === 'wasm' ? Number(text('threads')) : 1,
      batch: Number(text('batch')),
    });
  };
  return (
    <form onSubmit={submit} className="mt-8 grid gap-6">
      <label className="grid gap-1 text-sm">
        Pairing code
        <input
          className="field measure-code"
          name="code"
          defaultValue={code}
          required
          maxLength={40}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
        <span className="text-muted">From the devices page; good once, for ten minutes.</span>
      </label>
      <label className="grid gap-1 text-sm">
        Name of this device
        <input className="field" name="name" defaultValue={name} required maxLength={100} />
      </label>
      <fieldset className="grid gap-2">
        <legend className="mb-1 text-sm">Measure with</legend>
        <ProviderChoice
          label="WebAssembly"
          detail={`The processor, with SIMD and ${threads > 1 ? `up to ${plural(threads, 'thread')}` : 'one thread'}`}
          chosen={provider === 'wasm'}
          onChoose={() => setProvider('wasm')}
        />
        <ProviderChoice
          label="WebGPU"
          detail={gpuInWords(webgpu, gpu)}
          chosen={provider === 'webgpu'}
          disabled={!webgpu}
          onChoose={chooseGpu}
        />
      </fieldset>
      <details>
        <summary className="link inline list-none text-sm">Threads and batch</summary>
        <div className="mt-3 grid grid-cols-2 gap-4">
          <label className="grid gap-1 text-sm">
            Threads
            <input
              className="field"
              type="number"
              name="threads"
              min={1}
              max={threads}
              defaultValue={1}
              disabled={provider !== 'wasm'}
            />
          </label>
          <label className="grid gap-1 text-sm">
            Batch
            <input className="field" type="number" name="batch" min={1} max={4096} defaultValue={1} />
          </label>
        </div>
      </details>
      <button
        type="submit"
        className="button measure-button"
        disabled={missing !== null || (provider === 'webgpu' && !gpu)}
      >
        Pair and measure
      </button>
    </form>
  );
}

function gpuInWords(webgpu: boolean, gpu: string | null | undefined): string {
  if (!webgpu) return 'Not here: this browser has no WebGPU';
  if (gpu === undefined) return 'The graphics processor';
  return gpu === null ? 'This browser finds no graphics processor' : `The graphics processor: ${gpu}`;
}

function ProviderChoice({
  label,
  detail,
  chosen,
  disabled = false,
  onChoose,
}: {
  label: string;
  detail: string;
  chosen: boolean;
  disabled?: boolean;
  onChoose: () => void;
}) {
  return (
    <label
      className={`measure-choice ${chosen ? 'border-leaf' : 'border-hairline'} ${disabled ? 'text-muted' : ''}`}
    >
      <input type="radio" name="provider" checked={chosen} disabled={disabled} onChange={onChoose} />
      <span>
        <span className="block font-semibold">{label}</span>
        <span className="block text-sm text-muted">{detail}</span>
      </span>
    </label>
  );
}
