import type { AccuracySourceRow, TableImportRow, TaskRow } from '../features/accuracy/entities.js';
import type { ComparisonRow } from '../features/comparisons/entities.js';
import type {
  DeviceRow,
  HardwareTargetRow,
  MaintenanceWindowRow,
  PoolGrantRow,
  PoolRow,
} from '../features/devices/entities.js';
import type { LeaderboardEntryView, LeaderboardRow } from '../features/leaderboards/entities.js';
import type { ModelRow } from '../features/models/entities.js';
import type { DeviceProfileRow, MeasurementRow, ProfileRunRow } from '../features/profiles/entities.js';
import type { AskedTrialRow } from '../features/searches/external/entities.js';
import type { SearchRunRow } from '../features/searches/entities.js';
import type { SearchSpaceRow, SpaceVersionRow } from '../features/spaces/entities.js';
import type { TeamRow, TokenRow, UserRow } from '../features/teams/entities.js';
import type { UploadRow } from '../features/uploads/entities.js';

/** The row behind each type that has a global id. */
export interface NodeRows {
  User: UserRow;
  Team: TeamRow;
  Token: TokenRow;
  SearchSpace: SearchSpaceRow;
  SpaceVersion: SpaceVersionRow;
  Model: ModelRow;
  Task: TaskRow;
  AccuracySource: AccuracySourceRow;
  Upload: UploadRow;
  TableImport: TableImportRow;
  HardwareTarget: HardwareTargetRow;
  Pool: PoolRow;
  Device: DeviceRow;
  PoolGrant: PoolGrantRow;
  MaintenanceWindow: MaintenanceWindowRow;
  ProfileRun: ProfileRunRow;
  Measurement: MeasurementRow;
  DeviceProfile: DeviceProfileRow;
  SearchRun: SearchRunRow;
  AskedTrial: AskedTrialRow;
  Comparison: ComparisonRow;
  Leaderboard: LeaderboardRow;
  LeaderboardEntry: LeaderboardEntryView;
}
