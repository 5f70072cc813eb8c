/**
 * The eight faults, in the order of time. `day` and `hours` say when; `class`, `text` and `tags` go into the labels; the effect on the
 * plant is in plant.mjs under the fault's key. The first 45 % of the 42 days hold one, 50 to 72 % three, the rest four.
 */
export const faults = [
  {
    key: 'spikes',
    day: 9.41,
    hours: 3.2,
    class: 'instrument',
    text: 'Vibration probe 11-VI-2046: loose connector, bursts of spikes',
  },
  { key: 'strainer', day: 22.2, hours: 15, class: 'anomaly', text: 'Suction strainer blocks slowly, cleaned after changeover' },
  {
    key: 'frozen',
    day: 25.3,
    hours: 11,
    class: 'instrument',
    text: 'Transmitter 11-TI-2048 (bearing NDE) frozen at its last value',
  },
  { key: 'stiction', day: 28.05, hours: 9, class: 'anomaly', text: 'Control valve 11-FV-2043 sticks: flow and valve hunt' },
  { key: 'cavitation', day: 31.75, hours: 5, class: 'anomaly', text: 'Cavitation after loss of suction pressure' },
  { key: 'recirculation', day: 34.4, hours: 16, class: 'anomaly', text: 'Minimum-flow valve passes: recirculation leak' },
  { key: 'overload', day: 36.7, hours: 7, class: 'anomaly', text: 'Motor supply unbalanced: current high and rippling' },
  { key: 'bearing', day: 38.15, hours: 58, class: 'anomaly', text: 'Bearing DE degrades until the pump trips on vibration' },
];

/** The stop after the trip, for the new bearing; process state rather than fault. */
export const repair = { hours: 9, class: 'ignore', text: 'Pump stopped after the trip, bearing DE replaced' };
