/**
 * Feed pump P-1104A: a fixed-speed centrifugal pump behind a deaerator, its flow held by a control valve.
 *
 * One step is two minutes. In each: load mode → flow setpoint → flow (controller) → pump curve and pipe → pressures, valve opening,
 * shaft power, current → heat of the bearings (first-order lag) → vibration. Units as in `tags`.
 */
import { stream, wander } from './random.mjs';

export const STEP_MINUTES = 2;
const STEPS_A_DAY = (24 * 60) / STEP_MINUTES;

export const tags = [
  { key: 'flow', name: '11-FI-2043.PV', unit: 'm³/h', digits: 1 },
  { key: 'setpoint', name: '11-FIC-2043.SP', unit: 'm³/h', digits: 0 },
  { key: 'suction', name: '11-PI-2041.PV', unit: 'bar(g)', digits: 3 },
  { key: 'discharge', name: '11-PI-2044.PV', unit: 'bar(g)', digits: 2 },
  { key: 'bearingDe', name: '11-TI-2047.PV', unit: '°C', digits: 1 },
  { key: 'bearingNde', name: '11-TI-2048.PV', unit: '°C', digits: 1 },
  { key: 'vibration', name: '11-VI-2046.PV', unit: 'mm/s', digits: 2 },
  { key: 'current', name: '11-II-2049.PV', unit: 'A', digits: 1 },
  { key: 'valve', name: '11-FV-2043.OP', unit: '%', digits: 1 },
];

/** Flow setpoints of the two load modes; the operator trims by one step now and then. */
const LOADS = { high: [182, 178], low: [138, 142] };

/** Head of the pump in bar over flow in m³/h: shut-off head less a square term (affinity: same speed, same curve). */
const head = (q) => 14.6 - 6.6e-5 * q * q;
/** Efficiency with its best point at 170 m³/h. */
const BEST_FLOW = 170;
const efficiency = (q) => Math.max(0.12, 0.78 - 1.35e-5 * (q - BEST_FLOW) * (q - BEST_FLOW));
/** Shaft power in kW: bar · m³/h / 36. */
const shaftPower = (q) => (head(q) * q) / 36 / efficiency(q);
/** Boiler drum side: static pressure and pipe friction in bar. */
const SYSTEM_PRESSURE = 9.2;
const PIPE = 2.2e-5;
/** Flow coefficient of the fully open valve (linear), m³/h per √bar. */
const VALVE_KV = 118;
/** Motor: no-load current and A per kW at constant voltage. */
const NO_LOAD = 41;
const AMPS_PER_KW = 1.36;

/** Schedule of the load: high by day, low by night, some days all high or all low, switched at uneven times. */
function loadSchedule(random, days) {
  const switches = [];
  for (let day = 0; day < days; day++) {
    const kind = random.next();
    const trim = () => (random.next() < 0.3 ? 1 : 0);
    if (kind < 0.1) continue;
    switches.push({ at: day + random.between(5, 7.2) / 24, target: LOADS.high[trim()] });
    if (kind < 0.22) continue;
    switches.push({ at: day + random.between(19.5, 22.5) / 24, target: LOADS.low[trim()] });
    if (kind > 0.8)
      switches.push(
        { at: day + random.between(10, 12) / 24, target: LOADS.low[trim()] },
        { at: day + random.between(13.5, 16) / 24, target: LOADS.high[trim()] },
      );
  }
  return switches.sort((a, b) => a.at - b.at);
}

/**
 * Rows of the plant.
 *
 * @param faults - of faults.mjs; `repair` the stop behind the trip.
 * @returns one object a step: `day`, and a number for each tag.
 */
export function simulate(seed, days, faults, repair) {
  const named = (name) => stream(seed, name);
  const schedule = loadSchedule(named('load'), days);
  const noise = Object.fromEntries(tags.map((t) => [t.key, named(t.key)]));
  const weather = wander(named('weather'), 2.5 * STEPS_A_DAY);
  const deaerator = wander(named('deaerator'), 120);
  const drum = wander(named('drum'), 60);
  const controller = wander(named('controller'), 4);
  const runOut = wander(named('vibration drift'), 400);
  const burst = named('bursts');

  const windows = new Map(faults.map((f) => [f.key, { from: f.day, to: f.day + f.hours / 24 }]));
  const trip = windows.get('bearing').to;
  const restart = trip + repair.hours / 24;
  /** 0 before, rising to 1 over the fault's time, null outside. */
  const during = (key, day) => {
    const { from, to } = windows.get(key);
    return day >= from && day < to ? (day - from) / (to - from) : null;
  };

  const rows = [];
  let setpoint = LOADS.low[0];
  let flow = setpoint;
  let stem = null;
  let heatDe = 28;
  let heatNde = 24;
  let speed = 1;
  let frozenAt = null;
  let next = 0;
  let stuckFor = 0;
  let stuckSign = 1;

  for (let step = 0; step < days * STEPS_A_DAY; step++) {
    const day = step / STEPS_A_DAY;
    const running = day < trip || day >= restart;
    // Nobody changes the load of a pump that stands still.
    while (running && next < schedule.length && schedule[next].at <= day) setpoint = schedule[next++].target;
    // Coast-down and run-up take a few minutes.
    speed += ((running ? 1 : 0) - speed) * 0.8;
    if (speed < 0.004) speed = 0;

    // Disturbances that every plant has.
    const ambient = 19 + 4.2 * Math.sin(2 * Math.PI * (day - 0.39)) + 2.2 * weather();
    const tank = 2.05 + 0.035 * deaerator() + 0.03 * Math.sin(2 * Math.PI * (day - 0.2));
    const downstream = SYSTEM_PRESSURE + 0.07 * drum();

    // Valve that sticks: the controller winds up until the stem jumps, then the flow overshoots.
    let hunting = 0;
    const stiction = during('stiction', day);
    if (stiction !== null) {
      if (stuckFor-- <= 0) {
        stuckFor = 3 + Math.floor(3 * burst.next());
        stuckSign = -stuckSign;
      }
      hunting = stuckSign * (4.5 + 3.5 * Math.min(1, 4 * stiction)) * (0.8 + 0.4 * burst.next());
    }

    // Cavitation: the deaerator loses pressure; bubbles take head and make everything rough.
    const cavity = during('cavitation', day);
    const rough = cavity === null ? 0 : Math.min(1, 5 * cavity) * Math.min(1, 7 * (1 - cavity));
    // Strainer: the loss grows with the fouling, and with the square of the flow.
    const fouling = during('strainer', day) ?? 0;
    const leak = during('recirculation', day);
    const passing = leak === null ? 0 : 30 * Math.min(1, 3 * leak);

    const target = running ? setpoint : 0;
    flow += (target - flow) * (running ? 0.45 : 0.85);
    if (!running && flow < 0.3) flow = 0;
    const measured = speed === 0 ? 0 : Math.max(0, flow + 0.7 * controller() + hunting - 3.5 * rough * burst.next());
    const through = measured + passing * speed;

    const suctionLoss = 0.22 * (through / 180) ** 2 * (1 + 3.4 * fouling ** 1.5);
    const suction = tank - suctionLoss - 0.95 * rough;
    const lift = speed * speed * head(through / Math.max(speed, 0.05)) * (1 - 0.07 * rough);
    const discharge = suction + Math.max(0, lift);
    const drop = Math.max(0.15, discharge - downstream - PIPE * measured * measured);
    const wanted = speed < 0.2 ? 0 : Math.min(100, (100 * measured) / (VALVE_KV * Math.sqrt(drop)));
    // The output of a controller that fights a stuck stem saws against the flow.
    stem = stem === null ? wanted : stem + (wanted - hunting * 0.9 - stem) * 0.7;

    const power = speed < 0.05 ? 0 : shaftPower(through) * speed ** 3 * (1 - 0.05 * rough);
    const overload = during('overload', day);
    const unbalance = overload === null ? 0 : Math.min(1, 6 * overload);
    const current =
      speed < 0.05
        ? 0
        : (NO_LOAD + AMPS_PER_KW * power) * (1 + 0.085 * unbalance) + unbalance * 4.2 * Math.sin((2 * Math.PI * step) / 7.3);

    // Degrading bearing: slow at first, then ever faster (friction heats, heat thins the oil).
    const wear = during('bearing', day);
    const damage = wear === null ? 0 : 0.22 * wear + 0.78 * wear ** 3.2 + (wear > 0.985 ? 0.55 * ((wear - 0.985) / 0.015) : 0);
    const friction = speed * (16 + 0.13 * power + 3.2 * unbalance + 30 * damage);
    heatDe += (friction - heatDe) / (52 / STEP_MINUTES);
    heatNde += (speed * (13.2 + 0.105 * power + 5 * damage) - heatNde) / (68 / STEP_MINUTES);

    const offBest = ((through - BEST_FLOW) / BEST_FLOW) ** 2;
    const spikes = during('spikes', day);
    let vibration =
      0.05 +
      speed * (1.9 + 9 * offBest + 0.06 * runOut() + 2.4 * rough * (0.6 + 0.8 * burst.next()) + 4.6 * damage + 0.25 * unbalance);
    if (spikes !== null && burst.next() < 0.3) vibration += 2 + 9 * burst.next();

    const reading = {
      flow: speed === 0 ? 0 : measured + 0.55 * noise.flow.normal() + 2.2 * rough * noise.flow.normal(),
      setpoint,
      suction: suction + 0.006 * noise.suction.normal() + 0.05 * rough * noise.suction.normal(),
      discharge: discharge + 0.018 * noise.discharge.normal() + 0.16 * rough * noise.discharge.normal(),
      bearingDe: ambient + heatDe + 0.12 * noise.bearingDe.normal(),
      bearingNde: ambient + heatNde + 0.12 * noise.bearingNde.normal(),
      vibration: Math.max(0.02, vibration + 0.07 * speed * (1 + damage) * noise.vibration.normal()),
      current: current === 0 ? 0 : current + 0.45 * noise.current.normal() + 1.8 * rough * noise.current.normal(),
      valve: Math.max(0, Math.min(100, stem + 0.12 * noise.valve.normal())),
    };
    if (during('frozen', day) !== null) {
      frozenAt ??= reading.bearingNde;
      reading.bearingNde = frozenAt;
    }
    rows.push({ day, values: reading });
  }
  return { rows, trip, restart };
}
