import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, type Answer } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';
import { uuidIn } from './testing/agents.js';

let db: TestDatabase;
let owner: FashionTeam;
let friend: FashionTeam;
let stranger: FashionTeam;

beforeAll(async () => {
  db = await testDatabase();
  friend = await fashionTeam(db);
  stranger = await fashionTeam(db);
});
afterAll(() => db.close());
beforeEach(async () => {
  owner = await fashionTeam(db);
});

const as = ({ ctx }: FashionTeam) => db.contextOf(ctx.principal);
const slugOf = async ({ teamId }: FashionTeam): Promise<string> =>
  (await db.sql<{ slug: string }>('select slug from teams where id = $1', [teamId]))[0]?.slug ?? '';
const openSpace = () =>
  db.sql(
    `with s as (update search_spaces set visibility = 'PUBLIC' where team_id = $1)
     update space_versions set visibility = 'PUBLIC' where team_id = $1`,
    [owner.teamId],
  );
const share = (teams: readonly string[], visibility = 'PRIVATE', by = owner): Promise<Answer> =>
  ask(
    db,
    as(by),
    `mutation ($input: ShareProfileInput!) { shareProfile(input: $input) {
       deviceProfile { id visibility sharedWith { slug } } } }`,
    { input: { deviceProfileId: owner.profileId, visibility, teams } },
  );
const READ = `query ($id: ID!) { node(id: $id) { ... on DeviceProfile {
  id team { slug } target { name } space { name } latencyMs sharedWith { slug } pinned } } }`;
const seenBy = async (team: FashionTeam | null): Promise<unknown> =>
  (await ask(db, team ? as(team) : db.visitor, READ, { id: owner.profileId })).data.node;
const prunedBy = (team: FashionTeam): Promise<Answer> =>
  ask(
    db,
    as(team),
    `mutation ($input: StartSearchInput!) { startSearch(input: $input) { searchRuns { id } } }`,
    {
      input: {
        idempotencyKey: randomUUID(),
        spaceVersionId: owner.versionId,
        deviceProfileId: owner.profileId,
        accuracySourceId: owner.sourceId,
        budget: 50,
      },
    },
  );

describe('sharing a profile with teams by name', () => {
  it('shows it, its target and its owner’s name to them alone, and takes it back', async () => {
    await openSpace();
    const slug = await slugOf(friend);
    const { data, codes } = await share([slug]);
    expect(codes).toEqual([]);
    expect(data.shareProfile.deviceProfile).toMatchObject({
      visibility: 'PRIVATE',
      sharedWith: [{ slug }],
    });
    expect(await seenBy(friend)).toMatchObject({
      team: { slug: await slugOf(owner) },
      target: { name: 'Test CPU' },
      space: { name: 'fashion-mobile' },
      // Whom else it is shown to is the owner's business.
      sharedWith: [],
    });
    expect(await seenBy(stranger)).toBeNull();
    expect(await seenBy(null)).toBeNull();
    await share([]);
    expect(await seenBy(friend)).toBeNull();
  });

  it('lists it among theirs, and lets them compare, pin and use it', async () => {
    await openSpace();
    await share([await slugOf(friend)]);
    const list = '{ deviceProfiles(first: 100) { nodes { id } } }';
    const ids = async (team: FashionTeam): Promise<string[]> =>
      (await ask(db, as(team), list)).data.deviceProfiles.nodes.map(({ id }: { id: string }) => id);
    expect(await ids(friend)).toContain(owner.profileId);
    expect(await ids(stranger)).not.toContain(owner.profileId);
    const compare =
      'query ($a: ID!, $b: ID!) { compareProfiles(a: $a, b: $b) { count spearman medianRatio } }';
    const both = { a: owner.profileId, b: friend.profileId };
    expect((await ask(db, as(friend), compare, both)).data.compareProfiles).toMatchObject({
      count: 81,
      spearman: 1,
      medianRatio: 1,
    });
    expect((await ask(db, as(stranger), compare, both)).codes).toEqual(['NOT_FOUND']);
    const pin =
      'mutation ($id: ID!) { pinProfile(input: { deviceProfileId: $id }) { deviceProfile { pinned } } }';
    expect(
      (await ask(db, as(friend), pin, { id: owner.profileId })).data.pinProfile.deviceProfile.pinned,
    ).toBe(true);
    expect((await ask(db, as(stranger), pin, { id: owner.profileId })).codes).toEqual(['NOT_FOUND']);
    // The accuracy source stays its owner's: the profile is not what is missing.
    const { errors } = await prunedBy(friend);
    expect(errors?.[0]?.message).toContain('AccuracySource');
  });

  it('prunes by it while it is shown, and not after', async () => {
    await openSpace();
    await share([await slugOf(friend)]);
    const preview = () =>
      ask(db, as(friend), 'query ($input: PruningInput!) { previewPruning(input: $input) { sizeAfter } }', {
        input: {
          spaceVersionId: owner.versionId,
          rule: 'EFFICIENCY',
          ratio: 0.5,
          deviceProfileId: owner.profileId,
        },
      });
    expect((await preview()).codes).toEqual([]);
    await share([]);
    expect((await preview()).codes).toEqual(['NOT_FOUND']);
  });

  it('is a CONFLICT for a team that cannot see the space, and shows it to nobody', async () => {
    const { codes, errors } = await share([await slugOf(friend)]);
    expect(codes).toEqual(['CONFLICT']);
    expect(errors?.[0]?.extensions['field']).toBe('input.teams.0');
    expect(await seenBy(friend)).toBeNull();
  });

  it('refuses names that are none, the own name, names beside PUBLIC, and too many', async () => {
    await openSpace();
    expect((await share(['nobody-here'])).codes).toEqual(['NOT_FOUND']);
    expect((await share([await slugOf(owner)])).codes).toEqual(['BAD_INPUT']);
    expect((await share([await slugOf(friend)], 'PUBLIC')).codes).toEqual(['BAD_INPUT']);
    expect((await share(new Array<string>(51).fill('x'))).codes).toEqual(['BAD_INPUT']);
    for (const hostile of ["' or 1=1 --", '%', ''])
      expect((await share([hostile])).codes).toEqual(['NOT_FOUND']);
  });

  it('is the owner’s alone: who is shown a profile passes it on to nobody', async () => {
    await openSpace();
    await share([await slugOf(friend)]);
    expect((await share([await slugOf(stranger)], 'PRIVATE', friend)).codes).toEqual(['FORBIDDEN']);
    expect((await share([await slugOf(stranger)], 'PRIVATE', stranger)).codes).toEqual(['NOT_FOUND']);
    expect(await seenBy(stranger)).toBeNull();
  });

  it('cannot be granted past the API: the database refuses a grant of another team’s profile', async () => {
    const smuggle = (teamId: string) =>
      db.platform.inScope({ teamId: stranger.teamId }, (tx) =>
        tx.query(
          'insert into device_profile_grants (team_id, device_profile_id, grantee_id) values ($1, $2, $3)',
          [teamId, uuidIn(owner.profileId), friend.teamId],
        ),
      );
    await expect(smuggle(stranger.teamId)).rejects.toThrow(/foreign key/);
    await expect(smuggle(owner.teamId)).rejects.toThrow(/row-level security/);
  });

  it('lets the team that is shown a profile change or remove nothing of it', async () => {
    await openSpace();
    await share([await slugOf(friend)]);
    await db.platform.inScope({ teamId: friend.teamId }, async (tx) => {
      const id = [uuidIn(owner.profileId)];
      await tx.query(`update device_profiles set note = 'mine' where id = $1`, id);
      await tx.query('delete from device_profile_grants where device_profile_id = $1', id);
      await tx.query('delete from device_profiles where id = $1', id);
    });
    const [row] = await db.sql<{ note: string }>('select note from device_profiles where id = $1', [
      uuidIn(owner.profileId),
    ]);
    expect(row?.note).toBe('');
    expect(await seenBy(friend)).not.toBeNull();
  });
});
