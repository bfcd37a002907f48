'use client';

import { useRef } from 'react';
import { switchTeam } from '@/app/actions/session';

interface Team {
  slug: string;
  name: string;
}

/** Which of the person's teams the pages act for. */
export function TeamSwitch({ teams, current }: { teams: Team[]; current: string | null }) {
  const form = useRef<HTMLFormElement>(null);
  if (teams.length < 2) return teams[0] ? <span className="text-muted">{teams[0].name}</span> : null;
  return (
    <form ref={form} action={switchTeam}>
      <select
        name="team"
        aria-label="Team"
        defaultValue={current ?? undefined}
        onChange={() => form.current?.requestSubmit()}
        className="min-h-8 max-w-36 rounded bg-transparent text-ink"
      >
        {teams.map((team) => (
          <option key={team.slug} value={team.slug} className="bg-raised">
            {team.name}
          </option>
        ))}
      </select>
    </form>
  );
}
