import { listSystemFolder, readSystemFile } from './system-file.js';

const POWER = '/sys/class/power_supply';
const THERMAL = '/sys/class/thermal';

/** The frequency governor of the first processor, such as `performance`; null in most virtual machines. */
export function frequencyGovernor(): string | null {
  return readSystemFile('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
}

/** `mains` or `battery`; null where the system does not say. */
export function powerSource(): 'mains' | 'battery' | null {
  const supplies = listSystemFolder(POWER);
  if (supplies.some((name) => readSystemFile(`${POWER}/${name}/online`) === '1')) return 'mains';
  const draining = supplies.some((name) => readSystemFile(`${POWER}/${name}/status`) === 'Discharging');
  return draining ? 'battery' : null;
}

/** The hottest thermal zone, degrees Celsius. */
export function temperatureCelsius(): number | null {
  const readings = listSystemFolder(THERMAL)
    .filter((name) => name.startsWith('thermal_zone'))
    .map((name) => Number(readSystemFile(`${THERMAL}/${name}/temp`) ?? NaN) / 1000)
    .filter(Number.isFinite);
  return readings.length > 0 ? Math.max(...readings) : null;
}
