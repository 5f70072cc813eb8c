/** The series of the evaluation: chosen by name and number, not by result. */
export interface BenchSeries {
  readonly id: string;
  readonly set: 'nab' | 'skab';
  readonly file: string;
  /** Label file beside it; absent: a 0/1 column. */
  readonly labels?: string;
  readonly labelColumn?: string;
  readonly leaveOut: readonly string[];
  /** Windows in a row, for detectors that have this parameter; absent: as proposed. */
  readonly windows?: number;
  /** First row of the calibration part and of the guard before the test part; absent: as Faultline proposes. */
  readonly rows?: { readonly trainUntil: number; readonly calibrateUntil: number };
}

const nab = (id: string, file: string): BenchSeries => ({
  id,
  set: 'nab',
  file: `nab/${file}.csv`,
  labels: 'nab/combined_windows.json',
  leaveOut: [],
});

/**
 * SKAB's own protocol trains on the first 400 rows, all normal; the last 100 of them calibrate here. 300 rows are too few for seven windows
 * in a row, so there are three.
 */
const skab = (number: number): BenchSeries => ({
  id: `valve1/${number}`,
  set: 'skab',
  file: `skab/valve1/${number}.csv`,
  labelColumn: 'anomaly',
  leaveOut: ['changepoint'],
  windows: 3,
  rows: { trainUntil: 300, calibrateUntil: 400 },
});

export const series: readonly BenchSeries[] = [
  nab('ambient', 'ambient_temperature_system_failure'),
  nab('cpu', 'cpu_utilization_asg_misconfiguration'),
  nab('ec2', 'ec2_request_latency_system_failure'),
  nab('machine', 'machine_temperature_system_failure'),
  nab('taxi', 'nyc_taxi'),
  ...Array.from({ length: 16 }, (_, number) => skab(number)),
];
