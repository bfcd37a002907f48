import type { DeviceStatus } from '@/graphql/generated/documents';

const words: Record<DeviceStatus, string> = {
  ONLINE: 'online',
  OFFLINE: 'offline',
  MAINTENANCE: 'in maintenance',
  QUARANTINED: 'in quarantine',
};

const colours: Record<DeviceStatus, string> = {
  ONLINE: 'text-leaf',
  OFFLINE: 'text-muted',
  MAINTENANCE: 'text-warning',
  QUARANTINED: 'text-danger',
};

/** How a device stands: by shape and word, never colour alone. */
export function DeviceMark({ status }: { status: DeviceStatus }) {
  return (
    <span className={`inline-flex items-baseline gap-1.5 whitespace-nowrap text-sm ${colours[status]}`}>
      <svg
        viewBox="0 0 12 12"
        width="12"
        height="12"
        aria-hidden="true"
        className="self-center"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
      >
        {status === 'ONLINE' ? <circle cx="6" cy="6" r="4.5" fill="currentColor" /> : null}
        {status === 'OFFLINE' ? <circle cx="6" cy="6" r="4.5" /> : null}
        {status === 'MAINTENANCE' ? <path d="M4 2.500v7M8 2.500v7" strokeWidth="2" /> : null}
        {status === 'QUARANTINED' ? <path d="M6 1 11 10.500H1zM6 4.500v3M6 8.500v.6" /> : null}
      </svg>
      {words[status]}
    </span>
  );
}
