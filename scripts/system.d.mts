/** A child process: `ready` resolves with its ready line, `ended` with how it ended. */
export interface Part {
  readonly name: string;
  readonly child: { readonly pid?: number | undefined };
  readonly ready: Promise<Readonly<Record<string, unknown>>>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  kill(signal: NodeJS.Signals): void;
  stop(graceMs?: number): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** A part that is started again when it ends by itself; `current` is the process of now. */
export interface KeptPart {
  readonly current: Part;
  stop(): Promise<void>;
}

/** What the seed says of the demo team. */
export interface DemoAccount {
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly pairingCode: string;
}

export interface System {
  readonly apiUrl: string;
  readonly webUrl: string | null;
  readonly demo: DemoAccount;
  readonly env: Readonly<Record<string, string>>;
  readonly parts: {
    readonly database: Part;
    readonly api: KeptPart;
    readonly worker: KeptPart;
    readonly web: KeptPart | null;
    readonly agent: KeptPart | null;
  };
  stop(): Promise<void>;
}

export interface SystemOptions {
  readonly dataDir: string;
  readonly apiPort?: number;
  readonly webPort?: number | null;
  readonly agent?: boolean;
  readonly restart?: boolean;
  readonly onLine?: (name: string, line: string) => void;
  readonly onRestart?: (
    name: string,
    how: { code: number | null; signal: string | null },
    waitMs: number,
  ) => void;
}

export function startSystem(options: SystemOptions): Promise<System>;

export function startAgent(options: {
  readonly apiUrl: string;
  readonly dataDir: string;
  readonly demo: DemoAccount;
  readonly name?: string;
  readonly onLine?: (name: string, line: string) => void;
}): Part;

export function runDemo(options: {
  readonly apiUrl: string;
  readonly demo: DemoAccount;
  readonly space?: 'mobile' | 'blox';
  readonly onProgress?: (line: string) => void;
}): { readonly finished: Promise<unknown>; stop(): Promise<unknown> };

export function freePort(): Promise<number>;
